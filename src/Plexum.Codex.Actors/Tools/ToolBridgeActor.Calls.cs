using System.Globalization;
using Akka.Actor;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Schemas;

namespace Plexum.Codex.Tools;

/// <summary>Calls: checked, passed to the turn's handler, and answered once even if the handler is gone.</summary>
internal sealed partial class ToolBridgeActor
{
    private ToolCalls? _calls;

    private ToolCalls Calls => _calls ??= new ToolCalls(Timers, _services.Settings.CallTimeout);

    private void OnCall(ToolConnectionProtocol.Call call)
    {
        if (_turn is not { } turn)
        {
            Sender.Tell(ToolResult.Failed($"The tool {call.Name} was not called: the turn is over."));
        }
        else if (turn.Find(call.Name, out var refusal) is not { } tool)
        {
            Sender.Tell(ToolResult.Failed(refusal!));
        }
        else
        {
            OnCallOf(turn, tool, call);
        }
    }

    private void OnCallOf(ServedTurn turn, ToolDefinition tool, ToolConnectionProtocol.Call call)
    {
        var arguments = ToolArguments.ToText(call.Arguments);
        if (WhyNot(turn, tool, arguments) is { } reason)
        {
            Sender.Tell(ToolResult.Failed(reason));
        }
        else if (turn.HandlerGone)
        {
            Sender.Tell(HandlerGoneResult(call.Name));
        }
        else
        {
            Forward(turn, tool, call, arguments);
        }
    }

    private string? WhyNot(ServedTurn turn, ToolDefinition tool, string arguments)
    {
        var reason = turn.WhyNot(tool, arguments, out var problem);
        if (problem is not null)
        {
            LogUnchecked(turn.TurnId, tool.Name, problem);
        }

        return reason;
    }

    private void Forward(ServedTurn turn, ToolDefinition tool, ToolConnectionProtocol.Call call, string arguments)
    {
        var id = Calls.Add(call, Sender);
        LogCall(turn.TurnId, id, tool.Name);
        turn.Handler.Tell(new ToolBridgeProtocol.CallTool(_id, turn.TurnId, id, tool.Name, arguments));
    }

    private void OnAnswered(ToolBridgeProtocol.ToolAnswered answer)
    {
        if (answer.TurnId == _turn?.TurnId && Calls.Take(answer.CallId) is { } waiting)
        {
            var content = answer.Content.IsDefault ? [] : answer.Content;
            waiting.Caller.Tell(new ToolResult(content, answer.IsError).CutTo(_services.Settings.MaxResultBytes));
        }
    }

    private void OnOverdue(ToolCalls.Overdue overdue)
    {
        if (Calls.Find(overdue) is { } waiting)
        {
            var limit = _services.Settings.CallTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            GiveUpCall(
                overdue.CallId,
                $"The tool {waiting.Name} gave no answer within {limit} seconds; whether it did its work is not known."
            );
        }
    }

    private void OnGiveUp(ToolConnectionProtocol.GiveUp message)
    {
        if (Calls.IdOf(message.Operation) is { } id)
        {
            GiveUpCall(id, "codex no longer waits for it.");
        }
    }

    private void OnHandlerGone(Terminated gone)
    {
        if (_turn is { } turn && turn.Handler.Equals(gone.ActorRef))
        {
            turn.HandlerGone = true;
            LogHandlerGone(turn.TurnId);
            foreach (var id in Calls.Ids)
            {
                var waiting = Calls.Take(id)!;
                waiting.Caller.Tell(HandlerGoneResult(waiting.Name));
            }
        }
    }

    private void GiveUpAll(string reason)
    {
        foreach (var id in Calls.Ids)
        {
            GiveUpCall(id, reason);
        }
    }

    private void GiveUpCall(string id, string reason)
    {
        Calls.Take(id)!.Caller.Tell(ToolResult.Failed(reason));
        _turn!.Handler.Tell(new ToolBridgeProtocol.CallGivenUp(_id, _turn.TurnId, id));
    }

    private static ToolResult HandlerGoneResult(string tool) =>
        ToolResult.Failed($"The tool {tool} cannot be called: the host that offers it is gone. Go on without it.");
}
