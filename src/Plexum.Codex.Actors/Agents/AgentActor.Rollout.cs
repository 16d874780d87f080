using Akka.Actor;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The thread's rollout before and after a turn, and its actor.</summary>
public sealed partial class AgentActor
{
    private IActorRef? _rollout;

    private IActorRef Rollout()
    {
        if (_rollout is null)
        {
            _rollout = Context.ActorOf(RolloutActor.Props(_environment), "rollout");
            Context.WatchWith(_rollout, new RolloutLost(_rollout));
        }

        return _rollout;
    }

    // Before each start of codex: whoever had the thread open meanwhile may have written to it.
    private void NoteRollout()
    {
        var turn = _turn!;
        turn.Prepared.Rollout = null;
        if (turn.Prepared.Resume is { } thread)
        {
            turn.Noting = true;
            Enter(AgentPhase.Preparing, Preparing);
            Rollout().Tell(new RolloutProtocol.NoteStart(turn.Queued.TurnId, thread));
        }
        else
        {
            OpenTools();
        }
    }

    private void OnRolloutNoted(RolloutProtocol.StartNoted noted)
    {
        _turn!.Noting = false;
        _turn.Prepared.Rollout = noted.Mark;
        if (_turn.StopCause is { } cause)
        {
            SettleUnstarted(cause);
        }
        else
        {
            OpenTools();
        }
    }

    // A codex that named no thread has left nothing in any.
    private void ReadRollout(TurnEnd end)
    {
        var turn = _turn!;
        turn.Unread = end;
        CloseTools(turn);
        Timers.Cancel(DeadlineTimer);
        Enter(AgentPhase.Settling, Settling);
        if (turn.Prepared.Recorder!.Thread is { } thread)
        {
            Rollout().Tell(new RolloutProtocol.ReadTurn(
                turn.Queued.TurnId, thread, turn.Prepared.Resume, turn.Prepared.Rollout, events => turn.Prepared.Recorder.Append(events)));
        }
        else
        {
            OnTurnRead(RolloutFindings.None);
        }
    }

    private void OnTurnRead(RolloutFindings findings)
    {
        var turn = _turn!;
        if (turn.Unread is { } end)
        {
            turn.Unread = null;
            Settle(() => _settlement.Settle(turn.Prepared, end with { Rollout = findings }));
        }
    }

    // The turn does not wait for an answer that will not come; it ends without its tool calls.
    private void OnRolloutLost(RolloutLost lost)
    {
        if (!lost.Rollout.Equals(_rollout))
        {
            return;
        }

        _rollout = null;
        if (_turn?.Unread is not null)
        {
            OnTurnRead(RolloutFindings.Of(
                NoticeCodes.RolloutUnreadable, "plexum-codex failed while it read the turn's tool calls; they may not all be told. The log of the program says more."));
        }
        else if (_turn is { Noting: true } turn)
        {
            OnRolloutNoted(new RolloutProtocol.StartNoted(turn.Queued.TurnId, null));
        }
        else if (_consume is not null)
        {
            OnConsumeLost();
        }
    }
}
