using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Tells the ledger, the submitter and the notifier of starts and ends of an agent's turns. Readers of the
/// turn's log hear of them too: they may have come after a restart of the program. It holds no state of the actor's.
/// </summary>
internal sealed class TurnNews(AgentServices services, AgentId agent, ILoggingAdapter log)
{
    public void Started(QueuedTurn turn)
    {
        services.Ledger.Started(turn.TurnId, services.Time.GetUtcNow());
        Announce(turn, new AgentProtocol.TurnStarted(agent, turn.TurnId));
    }

    public void Ended(QueuedTurn turn, TurnProtocol.Ended ended) => Announce(turn, Note(turn.TurnId, ended));

    /// <summary>The same for a turn of which nobody here is the submitter.</summary>
    public void Ended(TurnId turn, TurnOutcome outcome) => services.Notifier.TellOf(Note(turn, new TurnProtocol.Ended(outcome, null)));

    /// <summary>Tells an end once it is written, also when the agent's actor is another one by then.</summary>
    /// <returns>Completes when everyone has been told; it never fails.</returns>
    public async Task EndedLaterAsync(QueuedTurn turn, Task<TurnOutcome> settlement, StopReason reason, TurnFailure? failure)
    {
        await ((Task)settlement).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Ended(turn, settlement.IsCompletedSuccessfully
            ? new TurnProtocol.Ended(await settlement.ConfigureAwait(false), null)
            : Unrecorded(settlement.Exception?.GetBaseException() ?? new TaskCanceledException(settlement), reason, failure));
    }

    /// <summary>
    /// Ends a turn that will not run; without a failure it was cancelled. It still gets a log with a start and an end, for its readers;
    /// the codex of one that was recovered is killed.
    /// </summary>
    /// <returns>Completes when its end is written and everyone has been told; it never fails.</returns>
    public Task EndUnstartedAsync(QueuedTurn turn, TurnFailure? failure)
    {
        BackendResult result = failure is null ? new BackendResult.Stopped(StopCause.Cancelled, HasRun: false) : new BackendResult.Failed(failure);
        var settlement = (turn.Hold ?? new TurnHold(services.ForTurns, turn.Turn)).Abandon(result);
        return EndedLaterAsync(turn, settlement, failure is null ? StopReason.Cancelled : StopReason.Error, failure);
    }

    /// <summary>An end that could not be written.</summary>
    public TurnProtocol.Ended Unrecorded(Exception cause, StopReason reason, TurnFailure? failure) =>
        TurnProtocol.Ended.Unrecorded(failure ?? BackendFailure.Of(cause), reason, services.Time);

    private AgentProtocol.TurnEnded Note(TurnId turn, TurnProtocol.Ended ended)
    {
        log.Info("codex: turn ended agent={AgentId} turn={TurnId} stop_reason={StopReason}", agent, turn, ended.Outcome.StopReason);
        services.Ledger.Ended(turn, ended.Outcome);
        return new AgentProtocol.TurnEnded(agent, turn, ended.Outcome.StopReason, ended.Failure);
    }

    private void Announce(QueuedTurn turn, AgentProtocol.IEvent fact)
    {
        turn.Submitter.Tell(fact);
        services.Notifier.TellOf(fact);
    }
}
