using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>What becomes of a turn, by what the server told of it and what codex recorded.</summary>
internal static class ServerTurnOutcome
{
    /// <summary>Decides it.</summary>
    /// <param name="told">What the server told.</param>
    /// <param name="end">What else is known about the end.</param>
    /// <param name="untold">What readers lack of the turn's answer, and the message of which that is the rest, if it is one.</param>
    public static BackendEnd Of(ToldTurn told, ServerTurnEnd end, (SettledAnswer Answer, string? Item) untold)
    {
        var (answer, item) = untold;
        var known = new TurnThread(told.Resumed, told.Baseline);
        if (end.Thread is { } thread)
        {
            _ = known.Name(thread.ToString());
        }

        var isNewer = end.Rollout.Total is { } recorded && (told.Total is not { } counted || recorded.Includes(counted));
        var total = isNewer ? end.Rollout.Total : told.Total;
        var before = known.TotalBefore(end.Rollout.TotalBefore);
        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        if (total is not null && before is null)
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.UsageUnknown,
                    "codex counts tokens per thread, and the count before this turn is unknown; this turn's usage is reported as zero."
                )
            );
        }

        notices.AddRange(end.Rollout.Notices);
        var rollout = end.Rollout with { RateLimits = end.Rollout.RateLimits ?? told.RateLimits };
        var result = Decide(told, end with { Rollout = rollout }, answer);
        var isDone = result is BackendResult.Completed;
        if (isDone)
        {
            notices.AddRange(AnswerNotices.Of(answer));
        }

        var usage = total is { } used && before is { } baseline ? used.Since(baseline) : Usage.Zero;
        return new BackendEnd(result, end.Thread ?? told.Resumed, usage, total ?? before ?? Usage.Zero)
        {
            Answer = isDone ? answer.Recovered : null,
            AnswerItem = isDone ? item : null,
            Notices = notices.DrainToImmutable(),
            Total = total,
            RateLimits = rollout.RateLimits,
        };
    }

    // The server may die between the end of a turn and the word about it; then codex's record has the end (measured on 0.169.0).
    private static BackendResult Decide(ToldTurn told, ServerTurnEnd end, SettledAnswer answer)
    {
        if (end.Failure is { } failure)
        {
            return new BackendResult.Failed(failure);
        }

        var isRecorded = end.Rollout.Messages?.End is not null && end.Rollout.Error is null;

        // Who resumes a thread while its turn ends may be given the turn as interrupted (measured on 0.169.0), though it was not.
        var isDone = isRecorded && told.Status is not ServerTurnStatus.Failed;
        var status = isDone ? ServerTurnStatus.Completed : told.Status;
        if (status == ServerTurnStatus.Completed)
        {
            return answer.IsMissing ? new BackendResult.Failed(BackendFailure.AnswerMissing()) : BackendResult.Completed.Instance;
        }

        if (end.Stop is { } cause)
        {
            return new BackendResult.Stopped(cause, HasRun: true);
        }

        return new BackendResult.Failed(
            status switch
            {
                ServerTurnStatus.Failed => end.Rollout.Refine(ServerFailure.Of(told.Error)),
                ServerTurnStatus.Interrupted => new TurnFailure(
                    "turn_incomplete",
                    "codex's turn was interrupted, and not by plexum-codex. Ask codex to continue.",
                    TurnErrorClass.Process,
                    Retryable: false
                ),

                // A command may run before the word about it comes; its call is recorded before it begins (measured on 0.169.0).
                _ => ServerFailure.Lost(end.Lost ?? "it said nothing more", told.HasWorked || end.Rollout.HasCalls || end.MayGoOn),
            }
        );
    }
}
