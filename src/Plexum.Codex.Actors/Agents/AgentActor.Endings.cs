using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Ends of turns: by codex, by cancel or deadline, by a failure of ours.</summary>
public sealed partial class AgentActor
{
    private CancelOutcome CancelCurrent(ActiveTurn turn, bool force)
    {
        if (_phase == AgentPhase.Settling)
        {
            return CancelOutcome.Ending;
        }

        Stop(turn, TurnEndCause.Cancelled, force);
        return force ? CancelOutcome.Killed : CancelOutcome.Stopping;
    }

    private void OnDeadline()
    {
        if (_turn is { } turn && _phase != AgentPhase.Settling)
        {
            LogDeadline(turn.Queued.TurnId);
            Stop(turn, TurnEndCause.TimedOut, force: false);
        }
    }

    // While codex runs its actor stops it; before and between its runs the turn ends with the next step.
    private void Stop(ActiveTurn turn, TurnEndCause cause, bool force)
    {
        turn.StopCause ??= cause;
        turn.Cancellation.Cancel();
        if (turn.Process is { } process)
        {
            process.Tell(new CodexProcessProtocol.Stop(turn.StopCause.Value, force));
        }
        else if (_phase == AgentPhase.WaitingForThread)
        {
            Timers.Cancel(ThreadTimer);
            SettleUnstarted(turn.StopCause.Value);
        }
    }

    private void OnProcessLost(ProcessLost lost)
    {
        var turn = _turn!;
        turn.Process = null;
        turn.Prepared.Kill();
        SettleFailed(new TurnFailure(
            "host_failure", "plexum-codex failed while codex was running; codex was stopped. The log of the program says more.",
            TurnErrorClass.Host, Retryable: false));
    }

    private void SettleUnstarted(TurnEndCause cause)
    {
        var reason = cause == TurnEndCause.TimedOut ? StopReason.Timeout : StopReason.Cancelled;
        var failure = cause == TurnEndCause.TimedOut
            ? new TurnFailure("deadline_exceeded", "The turn waited longer than it may and codex was not started.", TurnErrorClass.Timeout, Retryable: true)
            : null;
        var turn = _turn!;
        Settle(() => _settlement.Settle(turn.Queued, turn.Prepared, reason, failure));
    }

    private void SettleFailed(TurnFailure failure)
    {
        var turn = _turn!;
        Settle(() => FailAsync(turn, failure));
    }

    // The lock is given back with the last step, so codex must be gone by then: the agent's next turn starts another.
    private async Task<TurnOutcome> FailAsync(ActiveTurn turn, TurnFailure failure)
    {
        await turn.Prepared.Exited.ConfigureAwait(false);
        return _settlement.Settle(turn.Queued, turn.Prepared, StopReason.Error, failure);
    }

    private void Settle(Func<TurnOutcome> settle) => Settle(() => Task.FromResult(settle()));

    private void Settle(Func<Task<TurnOutcome>> settle)
    {
        var turn = _turn!;
        var turnId = turn.Queued.TurnId;
        Timers.Cancel(DeadlineTimer);
        CloseTools(turn);
        Enter(AgentPhase.Settling, Settling);
        var settlement = Offload.Run(settle);
        turn.Step = settlement;
        settlement.PipeTo(
            Self,
            success: outcome => new TurnSettled(turnId, outcome, null),
            failure: e => Unrecorded(turnId, HostFailure(e)));

        TurnSettled Unrecorded(TurnId turn, TurnFailure failure) => new(turn, OutcomeOf(StopReason.Error, failure), failure);
    }

    private void OnSettled(TurnSettled settled)
    {
        var turn = _turn!;
        turn.Cancellation.Dispose();
        _turn = null;
        ReturnSlot();
        End(turn.Queued, settled.Outcome, settled.Unrecorded);
        StartNext();
    }

    // A turn that never got to run still has a log with a start and an end, for whoever reads it.
    private void EndUnstarted(QueuedTurn queued, StopReason reason, TurnFailure? failure) =>
        EndWith(queued, () => _settlement.Settle(queued, _preparation.Open(queued), reason, failure), reason, failure);

    private void EndWith(QueuedTurn queued, Func<TurnOutcome> settle, StopReason reason, TurnFailure? failure)
    {
        try
        {
            End(queued, settle(), null);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            var unrecorded = failure ?? HostFailure(e);
            End(queued, OutcomeOf(reason, unrecorded), unrecorded);
        }
    }

    private void End(QueuedTurn queued, TurnOutcome outcome, TurnFailure? unrecorded)
    {
        LogEnded(queued.TurnId, outcome.StopReason);
        _environment.Ledger.Ended(queued.TurnId, outcome);
        Announce(queued, new AgentProtocol.TurnEnded(_id, queued.TurnId, outcome.StopReason, unrecorded));
    }

    private TurnOutcome OutcomeOf(StopReason reason, TurnFailure? failure) => TurnOutcome.Of(reason, failure, _environment.Time.GetUtcNow());

    // Beside who submitted it, whoever reads the turn's log hears of it: a reader may have come after a restart of the program.
    private void Announce(QueuedTurn queued, AgentProtocol.IEvent fact)
    {
        queued.Submitter.Tell(fact);
        _environment.Notifier.TellOf(fact);
    }

    // Called on the failed actor: nobody waits for a turn that will not come.
    private void AbandonTurns(Exception reason)
    {
        var failure = new TurnFailure(
            "host_failure", $"plexum-codex failed while it dealt with the agent: {reason.Message} The log of the program says more.",
            TurnErrorClass.Host, Retryable: true);
        if (_turn is { } turn)
        {
            turn.Cancellation.Cancel();
            turn.Prepared.Kill();
            TellLater(turn, turn.Step as Task<TurnOutcome> ?? Offload.Run(() => AbandonAsync(turn, failure)));
            _turn = null;
        }

        if (_consume is not null)
        {
            Abandon(_consume, failure);
        }

        while (_queue.TryTake(out var work))
        {
            if (work is QueuedTurn queued)
            {
                EndUnstarted(queued, StopReason.Error, failure);
            }
            else
            {
                Abandon((QueuedConsume)work, failure);
            }
        }
    }

    // The actor is another by then; whoever submitted the turn hears of its end all the same.
    private void TellLater(ActiveTurn turn, Task<TurnOutcome> settlement)
    {
        var (id, turnId, ledger, notifier) = (_id, turn.Queued.TurnId, _environment.Ledger, _environment.Notifier);
        settlement.PipeTo(
            turn.Queued.Submitter,
            success: outcome => Publish(outcome, null),
            failure: e => Publish(OutcomeOf(StopReason.Error, HostFailure(e)), HostFailure(e)));

        object Publish(TurnOutcome outcome, TurnFailure? unrecorded)
        {
            var ended = new AgentProtocol.TurnEnded(id, turnId, outcome.StopReason, unrecorded);
            ledger.Ended(turnId, outcome);
            notifier.TellOf(ended);
            return ended;
        }
    }

    private async Task<TurnOutcome> AbandonAsync(ActiveTurn turn, TurnFailure failure)
    {
        await turn.Step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await FailAsync(turn, failure).ConfigureAwait(false);
    }

    private static TurnFailure HostFailure(Exception e) => e switch
    {
        CodexUnavailableException => new TurnFailure("codex_unavailable", e.Message, TurnErrorClass.Spawn, Retryable: false),
        TurnRefusedException refused => new TurnFailure(refused.Refusal.Code, e.Message, TurnErrorClass.Request, Retryable: false),
        CodexException => new TurnFailure("workspace_unusable", e.Message, TurnErrorClass.Workspace, Retryable: false),
        _ => new TurnFailure("host_failure", $"The turn could not be carried out: {e.Message}", TurnErrorClass.Host, Retryable: true),
    };
}
