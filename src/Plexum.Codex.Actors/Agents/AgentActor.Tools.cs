using Akka.Actor;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The host's tools: made reachable before codex is started, closed when it has ended.</summary>
public sealed partial class AgentActor
{
    private IActorRef? _bridge;

    private IActorRef Bridge()
    {
        if (_bridge is null)
        {
            _bridge = Context.ActorOf(ToolBridgeActor.Props(_environment, _id), "tools");
            Context.WatchWith(_bridge, new BridgeLost(_bridge));
        }

        return _bridge;
    }

    // Once in a turn: a codex that is started again finds what the one before it had.
    private void OpenTools()
    {
        var turn = _turn!;
        if (turn.ToolsTried || turn.Queued.Request.Tools.IsDefaultOrEmpty)
        {
            StartCodex();
            return;
        }

        turn.ToolsTried = turn.OpeningTools = true;
        var token = ToolToken.New();
        turn.Prepared.ToolToken = token.Text;
        Bridge().Tell(new ToolBridgeProtocol.OpenTurn(turn.Queued.TurnId, turn.Queued.Request.Tools, turn.Queued.ToolHandler, token));
    }

    // A codex that ran before this program did has had its connection cut; one that has not connected yet still can.
    private void ReopenTools(ActiveTurn turn)
    {
        if (turn.Prepared.ToolToken is { } token && !turn.Queued.Request.Tools.IsDefaultOrEmpty)
        {
            turn.ToolsTried = true;
            Bridge().Tell(new ToolBridgeProtocol.OpenTurn(
                turn.Queued.TurnId, turn.Queued.Request.Tools, turn.Queued.ToolHandler, ToolToken.Of(token)));
        }
    }

    private void OnToolsOpened(ToolBridgeProtocol.TurnOpened opened)
    {
        var turn = _turn!;
        turn.OpeningTools = false;
        turn.Tools = opened.Registration;
        if (opened.Failure is { } reason)
        {
            LogNoTools(turn.Queued.TurnId, reason);
            turn.Prepared.ToolToken = null;
            turn.Prepared.Recorder!.Append(new CanonicalEvent.Notice(
                NoticeCodes.ToolsUnavailable, $"The host's tools cannot be reached in this turn: {reason.TrimEnd('.')}. codex goes on with its own."));
        }

        if (turn.StopCause is { } cause)
        {
            SettleUnstarted(cause);
        }
        else
        {
            StartCodex();
        }
    }

    private void OnChangeTools(AgentProtocol.ChangeTools command)
    {
        var served = _turn is { ToolsTried: true, OpeningTools: false } turn && turn.Queued.TurnId == command.TurnId
            && turn.Prepared.ToolToken is not null && _bridge is not null && _phase != AgentPhase.Settling;
        if (served)
        {
            _bridge!.Tell(new ToolBridgeProtocol.ChangeTools(command.TurnId, command.Tools));
        }

        Sender.Tell(new AgentProtocol.ToolsChangeAnswered(
            _id, command.TurnId, served ? ToolsChangeOutcome.Changed : ToolsChangeOutcome.NotServed));
    }

    private void CloseTools(ActiveTurn turn) => _bridge?.Tell(new ToolBridgeProtocol.CloseTurn(turn.Queued.TurnId));

    private void OnBridgeLost(BridgeLost lost)
    {
        if (!lost.Bridge.Equals(_bridge))
        {
            return;
        }

        _bridge = null;
        if (_turn is { OpeningTools: true } turn)
        {
            OnToolsOpened(new ToolBridgeProtocol.TurnOpened(turn.Queued.TurnId, null, "plexum-codex failed; its log says more"));
        }
    }
}
