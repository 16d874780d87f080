using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Streams;

public sealed partial class TurnMapper
{
    /// <summary>
    /// Ends the turn: at most one <see cref="CanonicalEvent.Error"/>, and then the <see cref="CanonicalEvent.MessageEnd"/>. A turn
    /// went well when codex told its end and exited with 0 (or was stopped afterwards); it failed by <c>turn.failed</c>, another
    /// exit, or output that ends without <c>turn.completed</c>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The turn has ended already.</exception>
    public ImmutableArray<CanonicalEvent> Finish(TurnEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        var events = ImmutableArray.CreateBuilder<CanonicalEvent>(3);
        events.AddRange(end.Rollout.Notices);
        _total ??= end.Rollout.Total;
        var stopReason = Decide(end, events);
        var usage = _total is { } total && _baseline is { } baseline ? total.Since(baseline) : Usage.Zero;
        if (_total is not null && _baseline is null)
        {
            events.Insert(0, new CanonicalEvent.Notice(
                NoticeCodes.UsageUnknown,
                "codex counts tokens for the whole thread, and the count before this turn is not known; the usage of this turn is given as zero."));
        }

        events.Add(new CanonicalEvent.MessageEnd(
            stopReason, usage, _total ?? _baseline ?? Usage.Zero, _thread ?? _resume, end.Duration, end.Rollout.RateLimits));
        return events.DrainToImmutable();
    }

    private StopReason Decide(TurnEnd end, ImmutableArray<CanonicalEvent>.Builder events)
    {
        var stopped = end.Cause != TurnEndCause.Exited;
        if (_completed && _failure is null && (stopped || end.Exit.IsSuccess || end.Exit.IsUnknown))
        {
            if (end.Cause == TurnEndCause.StoppedAfterCompletion)
            {
                events.Add(new CanonicalEvent.Notice(
                    NoticeCodes.DidNotExit, "codex finished the turn but did not exit; it was stopped. An MCP server that does not end is a common reason."));
            }

            return StopReason.EndTurn;
        }

        switch (end.Cause)
        {
            case TurnEndCause.Cancelled:
                return StopReason.Cancelled;
            case TurnEndCause.TimedOut:
                events.Add(new TurnFailure(
                    "deadline_exceeded",
                    "The turn took longer than it may and was stopped. Ask for less in one turn, or raise the deadline.",
                    TurnErrorClass.Timeout,
                    Retryable: false).ToEvent());
                return StopReason.Timeout;
            default:
                events.Add((end.Failure ?? end.Rollout.Refine(Explain(end))).ToEvent());
                return StopReason.Error;
        }
    }

    private TurnFailure Explain(TurnEnd end)
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
                $"{how} and said nothing. Run plexum-codex doctor.",
                TurnErrorClass.Process,
                Retryable: false);
        }

        var failure = CodexFailureText.Of(tail, code, TurnErrorClass.Process);
        return failure with { Message = $"{how}. Its last words: {failure.Message}" };
    }
}
