using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Records starts and ends of an agent's turns in the ledger, and ends in the log, and then tells the notifier. It has no state of the
/// actor's, so it may be used after the actor has been restarted.
/// </summary>
internal sealed class TurnNews(AgentServices services, AgentId agent, ILoggingAdapter log)
{
    private volatile Beginning? _last;

    public void Started(QueuedTurn turn)
    {
        _last = new Beginning(turn.TurnId, services.Time.GetTimestamp());
        services.Ledger.Started(turn.TurnId, services.Time.GetUtcNow());
        services.Notifier.Started(turn.TurnId, agent);
        services.Problems?.Tell(new ProblemsProtocol.TurnStarted(turn.TurnId), ActorRefs.NoSender);
    }

    public void Ended(QueuedTurn turn, TurnProtocol.Ended ended) => Note(turn.TurnId, ended);

    /// <summary>The same for a turn that had ended before this process found it.</summary>
    public void Ended(TurnId turn, TurnOutcome outcome) => Note(turn, new TurnProtocol.Ended(outcome, null));

    /// <summary>Records an end once it is written, also if the agent's actor is another one by then.</summary>
    /// <returns>Completes when the end is told; it never fails.</returns>
    public async Task EndedLaterAsync(QueuedTurn turn, Task<TurnOutcome> settlement, StopReason reason, TurnFailure? failure)
    {
        await ((Task)settlement).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Ended(
            turn,
            settlement.IsCompletedSuccessfully
                ? new TurnProtocol.Ended(await settlement.ConfigureAwait(false), null)
                : Unrecorded(settlement.Exception?.GetBaseException() ?? new TaskCanceledException(settlement), reason, failure)
        );
    }

    /// <summary>
    /// Ends a turn that will not run; without a failure it was cancelled. It still gets a log with a start and an end, for its readers.
    /// The codex of a recovered turn is killed.
    /// </summary>
    /// <returns>Completes when the end is written and told; it never fails.</returns>
    public Task EndUnstartedAsync(QueuedTurn turn, TurnFailure? failure)
    {
        BackendResult result = failure is null
            ? new BackendResult.Stopped(StopCause.Cancelled, HasRun: false)
            : new BackendResult.Failed(failure);
        var settlement = (turn.Hold ?? new TurnHold(services.ForTurns(log), turn.Turn)).Abandon(result);
        return EndedLaterAsync(turn, settlement, failure is null ? StopReason.Cancelled : StopReason.Error, failure);
    }

    /// <summary>An end that could not be written.</summary>
    public TurnProtocol.Ended Unrecorded(Exception cause, StopReason reason, TurnFailure? failure) =>
        TurnProtocol.Ended.Unrecorded(cause, failure ?? BackendFailure.Of(cause), reason, services.Time);

    private void Note(TurnId turn, TurnProtocol.Ended ended)
    {
        LogEnd(turn, ended.Outcome);
        services.Ledger.Ended(turn, ended.Outcome);
        services.Notifier.Ended(turn, agent, ended.Outcome.StopReason, ended.Failure);
        services.Problems?.Tell(new ProblemsProtocol.TurnEnded(turn, agent, ended.Outcome), ActorRefs.NoSender);
    }

    private void LogEnd(TurnId turn, TurnOutcome outcome)
    {
        if (outcome.StopReason is StopReason.EndTurn or StopReason.Cancelled)
        {
            log.Info("codex: turn ended agent={AgentId} turn={TurnId} stop_reason={StopReason}", agent, turn, outcome.StopReason);
            return;
        }

        log.Warning(
            AgentServices.FailureLine,
            agent,
            turn,
            outcome.ErrorCode ?? "",
            outcome.ErrorClass?.ToWireName() ?? "",
            SecondsOf(turn, outcome),
            ForeignText.Shorten(outcome.ErrorMessage ?? "")
        );
    }

    // A turn that an earlier process began has its duration from its log. Empty for one that never began.
    private string SecondsOf(TurnId turn, TurnOutcome outcome)
    {
        var duration = _last is { } last && last.Turn == turn ? services.Time.GetElapsedTime(last.At) : outcome.Duration;
        return duration?.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
    }

    private sealed record Beginning(TurnId Turn, long At);
}
