using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>How a turn ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="StopReason">Why it stopped.</param>
/// <param name="Usage">Its token usage.</param>
/// <param name="ThreadUsage">The total of its thread.</param>
/// <param name="ThreadId">Its thread, or null if it has none.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
/// <param name="ErrorClass">The class of its error, or null.</param>
/// <param name="ErrorMessage">The message of its error, or null.</param>
public sealed record TurnOutcome(
    DateTimeOffset At,
    StopReason StopReason,
    Usage Usage = default,
    Usage ThreadUsage = default,
    ThreadId? ThreadId = null,
    string? ErrorCode = null,
    TurnErrorClass? ErrorClass = null,
    string? ErrorMessage = null
)
{
    /// <summary>How long it took; null if that is not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The outcome according to a turn's last events.</summary>
    /// <param name="end">Its last event.</param>
    /// <param name="error">Its error, or null.</param>
    /// <param name="at">When it ended.</param>
    public static TurnOutcome Of(CanonicalEvent.MessageEnd end, CanonicalEvent.Error? error, DateTimeOffset at) =>
        new(at, end.StopReason, end.Usage, end.ThreadUsage, end.ThreadId, error?.Code, error?.Class, error?.Message)
        {
            Duration = end.Duration,
        };

    /// <summary>The outcome of a turn that left no events.</summary>
    /// <param name="reason">Why it stopped.</param>
    /// <param name="failure">What went wrong, or null.</param>
    /// <param name="at">When it ended.</param>
    public static TurnOutcome Of(StopReason reason, TurnFailure? failure, DateTimeOffset at) =>
        new(at, reason, ErrorCode: failure?.Code, ErrorClass: failure?.Class, ErrorMessage: failure?.Message);
}
