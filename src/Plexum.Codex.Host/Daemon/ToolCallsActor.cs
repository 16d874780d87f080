using Akka.Actor;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>
/// Owns the tool calls that wait for hosts connected over HTTP. A call is offered to every reader of its turn, and again to one that
/// reconnects; it is answered with an error after a while without any reader. Parent: the user guardian; no children; no phases. On
/// failure it is restarted; the calls it had end by their own timeout.
/// </summary>
internal sealed class ToolCallsActor : ReceiveActor, IWithTimers
{
    private readonly TimeSpan _hostWait;
    private readonly Dictionary<TurnId, TurnCalls> _turns = [];
    private long _last;

    public ToolCallsActor(TimeSpan hostWait)
    {
        _hostWait = hostWait;
        Receive<ToolBridgeProtocol.CallTool>(OnCall);
        Receive<ToolBridgeProtocol.CallGivenUp>(given => Take(given.TurnId, given.CallId));
        Receive<ToolCallsProtocol.Read>(OnRead);
        Receive<ToolCallsProtocol.StopReading>(OnStopReading);
        Receive<ToolCallsProtocol.Answer>(OnAnswer);
        Receive<NobodyReads>(nobody => OnNobodyReads(nobody.TurnId));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(TimeSpan hostWait) => Akka.Actor.Props.Create(() => new ToolCallsActor(hostWait));

    private void OnCall(ToolBridgeProtocol.CallTool call)
    {
        var turn = TurnOf(call.TurnId);
        var offered = new OfferedCall(++_last, call);
        turn.Waiting.Add(call.CallId, (offered, Sender));
        foreach (var reader in turn.Readers)
        {
            reader.Tell(offered);
        }

        WaitForReader(call.TurnId, turn);
    }

    private void OnRead(ToolCallsProtocol.Read read)
    {
        var turn = TurnOf(read.TurnId);
        turn.Readers.Add(read.Reader);
        Timers.Cancel(read.TurnId);
        foreach (var (offered, _) in turn.Waiting.Values.OrderBy(waiting => waiting.Offered.Number))
        {
            read.Reader.Tell(offered);
        }
    }

    private void OnStopReading(ToolCallsProtocol.StopReading stop)
    {
        if (_turns.TryGetValue(stop.TurnId, out var turn) && turn.Readers.Remove(stop.Reader))
        {
            WaitForReader(stop.TurnId, turn);
            Forget(stop.TurnId, turn);
        }
    }

    private void OnAnswer(ToolCallsProtocol.Answer answer)
    {
        var bridge = Take(answer.TurnId, answer.CallId);
        bridge?.Tell(new ToolBridgeProtocol.ToolAnswered(answer.TurnId, answer.CallId, answer.Content, answer.IsError));
        Sender.Tell(new ToolCallsProtocol.AnswerHandled(bridge is not null));
    }

    private void OnNobodyReads(TurnId id)
    {
        if (!_turns.TryGetValue(id, out var turn) || turn.Readers.Count > 0)
        {
            return;
        }

        foreach (var ((_, call), bridge) in turn.Waiting.Values.ToList())
        {
            Take(id, call.CallId);
            bridge.Tell(
                new ToolBridgeProtocol.ToolAnswered(
                    id,
                    call.CallId,
                    [new ToolContent.Text($"The tool {call.Name} was not called: the host that offers it is gone. Go on without it.")],
                    IsError: true
                )
            );
        }
    }

    private void WaitForReader(TurnId id, TurnCalls turn)
    {
        if (turn.Readers.Count == 0 && turn.Waiting.Count > 0 && !Timers.IsTimerActive(id))
        {
            Timers.StartSingleTimer(id, new NobodyReads(id), _hostWait);
        }
    }

    private IActorRef? Take(TurnId id, string call)
    {
        if (!_turns.TryGetValue(id, out var turn) || !turn.Waiting.Remove(call, out var waiting))
        {
            return null;
        }

        Forget(id, turn);
        return waiting.Bridge;
    }

    private TurnCalls TurnOf(TurnId id)
    {
        if (!_turns.TryGetValue(id, out var turn))
        {
            _turns.Add(id, turn = new TurnCalls());
        }

        return turn;
    }

    private void Forget(TurnId id, TurnCalls turn)
    {
        if (turn.Readers.Count == 0 && turn.Waiting.Count == 0)
        {
            _turns.Remove(id);
            Timers.Cancel(id);
        }
    }

    private sealed class TurnCalls
    {
        public Dictionary<string, (OfferedCall Offered, IActorRef Bridge)> Waiting { get; } = [];

        public HashSet<IActorRef> Readers { get; } = [];
    }

    private sealed record NobodyReads(TurnId TurnId);
}
