using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;

namespace Plexum.Codex.Streams;

/// <summary>Why codex is no longer running.</summary>
public enum TurnEndCause
{
    /// <summary>It exited by itself.</summary>
    Exited,

    /// <summary>It was stopped because somebody cancelled the turn.</summary>
    Cancelled,

    /// <summary>It was stopped because the turn took longer than it may.</summary>
    TimedOut,

    /// <summary>It was stopped because it had told the end of the turn and did not exit.</summary>
    StoppedAfterCompletion,
}

/// <summary>What is known when codex has exited and all its output has been read.</summary>
/// <param name="Cause">Why it is no longer running.</param>
/// <param name="Exit">How the process ended.</param>
/// <param name="Duration">From the start of the turn to its end.</param>
/// <param name="StderrTail">The last of its stderr; told to the reader only when codex said nothing else.</param>
/// <param name="Failure">What a better source than stdout says of the failure; it counts only if the turn failed.</param>
public sealed record TurnEnd(
    TurnEndCause Cause, ProcessExit Exit, TimeSpan Duration, string StderrTail = "", TurnFailure? Failure = null)
{
    /// <summary>What the rollout says of the turn.</summary>
    internal RolloutFindings Rollout { get; init; } = RolloutFindings.None;
}
