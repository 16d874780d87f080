using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Recovery;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Going on with the turns that an earlier process of this program left behind.</summary>
public sealed partial class AgentActor
{
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromMilliseconds(1);

    // Nothing else is dealt with until all are looked at, so that no newer turn gets before them and no cancel between.
    private async Task OnTakeUp(AgentProtocol.TakeUpTurns command)
    {
        var (started, queued, ended) = (0, 0, 0);
        var known = _queue.Ids.ToHashSet();
        foreach (var left in command.Turns.Where(left => known.Add(left.TurnId) && _turn?.Queued.TurnId != left.TurnId))
        {
            switch (await LookAt(left))
            {
                case FoundTurn.Ended over:
                    ended++;
                    EndTakenUp(left.TurnId, over.Outcome);
                    break;
                case FoundTurn.Started found:
                    started++;
                    _queue.Add(await Requeue(left) with { Found = found });
                    break;
                default:
                    queued++;
                    _queue.Add(await Requeue(left));
                    break;
            }
        }

        LogTakenUp(started, queued, ended);
        if (_phase == AgentPhase.Idle)
        {
            StartNext();
        }

        // A codex that runs has its slot by now; slots are granted once every agent has answered.
        Sender.Tell(new AgentProtocol.TurnsTakenUp(_id, started, queued, ended));
    }

    private async Task<FoundTurn> LookAt(AgentProtocol.LeftTurn left)
    {
        try
        {
            return await Offload.Run(() => _takeUp.Find(left.TurnId));
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            return new FoundTurn.Ended(TurnOutcome.Of(StopReason.Error, HostFailure(e), _environment.Time.GetUtcNow()));
        }
    }

    private async Task<QueuedTurn> Requeue(AgentProtocol.LeftTurn left)
    {
        var request = left.Request ?? new TurnRequest(_id, null, null, []);
        var checkedTurn = await Offload.Run(() => TurnCheck.Of(request, _environment.Settings));
        return new QueuedTurn(left.TurnId, request, checkedTurn.Prompt ?? Prompt.None, checkedTurn.Model, ActorRefs.Nobody)
        {
            IsTakenUp = true,
            ToolHandler = _environment.ToolHost ?? ActorRefs.Nobody,
            Refusal = checkedTurn.Refusal,
        };
    }

    private void EndTakenUp(TurnId turn, TurnOutcome outcome)
    {
        _environment.Ledger.Ended(turn, outcome);
        _environment.Notifier.Ended(turn, _id, outcome.StopReason, null);
    }

    // A codex that has ended needs no deadline, and its age is told by a clock that may have been set meanwhile.
    private void Adopt(QueuedTurn queued, FoundTurn.Started found)
    {
        OccupySlot();
        _turn = new ActiveTurn(queued, found.Prepared);
        Begin(queued);
        if (!found.Codex.Exited.IsCompleted)
        {
            var rest = TimeoutOf(queued) - found.Age;
            Timers.StartSingleTimer(
                DeadlineTimer, new DeadlineReached(queued.TurnId), rest > ShortestDeadline ? rest : ShortestDeadline);
        }

        ReopenTools(_turn);
        RunCodex(found.Codex);
    }

    // A codex that was found and not gone on with yet is killed with its turn.
    private void EndDequeued(QueuedTurn queued)
    {
        if (queued.Found is { } found)
        {
            found.Prepared.Kill();
            EndWith(queued, () => _settlement.Settle(queued, found.Prepared, StopReason.Cancelled, null), StopReason.Cancelled, null);
        }
        else
        {
            EndUnstarted(queued, StopReason.Cancelled, null);
        }
    }
}
