using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>How a turn ended.</summary>
/// <param name="At">When.</param>
/// <param name="StopReason">Why it stopped.</param>
/// <param name="Usage">What it used.</param>
/// <param name="ThreadUsage">The total of its thread.</param>
/// <param name="ThreadId">Its thread, or null when there is none.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
/// <param name="ErrorClass">The class of its error, or null.</param>
/// <param name="ErrorMessage">The sentence of its error, or null.</param>
public sealed record TurnOutcome(
    DateTimeOffset At,
    StopReason StopReason,
    Usage Usage = default,
    Usage ThreadUsage = default,
    ThreadId? ThreadId = null,
    string? ErrorCode = null,
    TurnErrorClass? ErrorClass = null,
    string? ErrorMessage = null);
