using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

public sealed partial class TurnMapper
{
    /// <summary>
    /// Ends the turn. It succeeded if codex reported its end and exited with 0 (or was stopped afterwards). It failed if codex reported
    /// <c>turn.failed</c>, exited otherwise, or ended its output without <c>turn.completed</c>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The turn has already ended.</exception>
    public BackendEnd Finish(ExecEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        _total ??= end.Rollout.Total;
        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        if (_total is not null && _baseline is null)
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.UsageUnknown,
                    "codex counts tokens per thread, and the count before this turn is unknown; this turn's usage is reported as zero."
                )
            );
        }

        notices.AddRange(end.Rollout.Notices);
        var result = Decide(end, notices);
        var usage = _total is { } total && _baseline is { } baseline ? total.Since(baseline) : Usage.Zero;
        return new BackendEnd(result, _thread ?? _resume, usage, _total ?? _baseline ?? Usage.Zero)
        {
            Notices = notices.DrainToImmutable(),
            Total = _total,
            RateLimits = end.Rollout.RateLimits,
        };
    }

    private BackendResult Decide(ExecEnd end, ImmutableArray<CanonicalEvent.Notice>.Builder notices)
    {
        var stopped = end.Cause != ExecEndCause.Exited;
        if (_completed && _failure is null && (stopped || end.Exit.IsSuccess || end.Exit.IsUnknown))
        {
            if (end.Cause == ExecEndCause.StoppedAfterCompletion)
            {
                notices.Add(
                    new CanonicalEvent.Notice(
                        NoticeCodes.DidNotExit,
                        "codex finished the turn but did not exit, so it was stopped. A common cause is an MCP server that does not exit."
                    )
                );
            }

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

    private TurnFailure Explain(ExecEnd end)
    {
        // A failing turn usually prints an error and then turn.failed with the same text.
        if ((_failure is { Length: > 0 } ? _failure : _lastError) is { Length: > 0 } told)
        {
            return CodexFailureText.Of(told, "turn_failed", TurnErrorClass.Process);
        }

        var how = _completed
            ? $"codex finished the turn and then {end.Exit.Describe()}"
            : $"codex {end.Exit.Describe()} without finishing the turn";
        var code = end.Exit.IsSuccess || end.Exit.IsUnknown ? "turn_incomplete" : "codex_exited";
        var tail = end.StderrTail.Trim();
        if (tail.Length == 0)
        {
            return new TurnFailure(
                _failure is null ? code : "turn_failed",
                $"{how} and printed no error. Run plexum-codex doctor.",
                TurnErrorClass.Process,
                Retryable: false
            );
        }

        var failure = CodexFailureText.Of(tail, code, TurnErrorClass.Process);
        return failure with { Message = $"{how}. Its last output: {failure.Message}" };
    }
}
