using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

public sealed partial class TurnMapper
{
    /// <summary>
    /// Ends the turn. It is done if codex reported its end, however codex exited afterwards. It failed if codex reported
    /// <c>turn.failed</c>, whatever else it reported, or ended its output without <c>turn.completed</c>, or if its answer is lost.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The turn has already ended.</exception>
    public BackendEnd Finish(ExecEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        _total ??= end.Rollout.Total;
        var before = _thread.TotalBefore(end.Rollout.TotalBefore);
        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        if (_total is not null && before is null)
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.UsageUnknown,
                    "codex counts tokens per thread, and the count before this turn is unknown; this turn's usage is reported as zero."
                )
            );
        }

        if (_total is null && end.Rollout.Notices.Any(notice => notice.Code == NoticeCodes.RolloutUnreadable))
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.UsageUnknown,
                    "codex reported no count of tokens, and its record of the turn could not be read; the turn's usage is reported as zero."
                )
            );
        }

        if (_begun && !_thread.IsNamed && _thread.Resumed is null)
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.ThreadUnusable,
                    "codex's output does not name the thread in which it worked; the next turn cannot resume it and begins a new one."
                )
            );
        }

        notices.AddRange(end.Rollout.Notices);
        var answer = _answer.Settle(end.Rollout.Messages);
        var result = Decide(end, answer);
        var isDone = result is BackendResult.Completed;
        notices.AddRange(isDone ? TurnEndNotices.Of(end, answer) : []);

        var usage = _total is { } total && before is { } baseline ? total.Since(baseline) : Usage.Zero;
        return new BackendEnd(result, _thread.Named ?? _thread.Resumed, usage, _total ?? before ?? Usage.Zero)
        {
            Answer = isDone ? answer.Recovered : null,
            Notices = notices.DrainToImmutable(),
            Total = _total,
            RateLimits = end.Rollout.RateLimits,
        };
    }

    private BackendResult Decide(ExecEnd end, SettledAnswer answer)
    {
        if (_completed && _failure is null && !answer.IsMissing)
        {
            return BackendResult.Completed.Instance;
        }

        return end.Cause switch
        {
            ExecEndCause.Cancelled => new BackendResult.Stopped(StopCause.Cancelled, HasRun: true),
            ExecEndCause.TimedOut => new BackendResult.Stopped(StopCause.TimedOut, HasRun: true),
            ExecEndCause.OutputTooLarge => new BackendResult.Failed(BackendFailure.OutputTooLarge()),
            _ => new BackendResult.Failed(end.Rollout.Refine(Explain(end))),
        };
    }

    // Only a codex that an earlier process of this program has started ends so.
    private const string Unwatched =
        "It ended while no daemon watched it: it was killed, perhaps with the machine, or the profile was restored from a backup that was "
        + "made while the turn ran. Submit the turn again.";

    private TurnFailure Explain(ExecEnd end)
    {
        if (_completed && _failure is null)
        {
            return BackendFailure.AnswerMissing();
        }

        // A failing turn usually prints an error and then turn.failed with the same text.
        if ((_failure is { Length: > 0 } ? _failure : _lastError) is { Length: > 0 } told)
        {
            return CodexFailureText.Of(told, "turn_failed", TurnErrorClass.Process);
        }

        var lost = Progress.Counts.NotUnderstood;
        var how = $"codex {end.Exit.Describe()} without finishing the turn{lost}";
        var code = end.Exit.IsSuccess || end.Exit.IsUnknown ? "turn_incomplete" : "codex_exited";
        var tail = end.StderrTail.Trim();
        if (tail.Length == 0)
        {
            var advice = end.Exit.IsUnknown ? Unwatched : "Run plexum-codex doctor.";
            return new TurnFailure(
                _failure is null ? code : "turn_failed",
                $"{how}{(lost.Length == 0 ? " and" : ". It")} printed no error. {advice}",
                TurnErrorClass.Process,
                Retryable: false
            );
        }

        var failure = CodexFailureText.Of(tail, code, TurnErrorClass.Process);
        return failure with { Message = $"{how}. Its last output: {failure.Message}" };
    }
}
