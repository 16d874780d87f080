using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Exec.Output;

/// <summary>Why codex is no longer running.</summary>
public enum ExecEndCause
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

/// <summary>The causes for which a turn is stopped, as those of codex's end.</summary>
internal static class ExecEndCauses
{
    public static ExecEndCause ToEndCause(this StopCause cause) => cause == StopCause.TimedOut ? ExecEndCause.TimedOut : ExecEndCause.Cancelled;
}

/// <summary>What is known when codex has exited and all its output has been read.</summary>
/// <param name="Cause">Why it is no longer running.</param>
/// <param name="Exit">How the process ended.</param>
/// <param name="StderrTail">The last of its stderr; told to the reader only when codex said nothing else.</param>
public sealed record ExecEnd(
    ExecEndCause Cause, ProcessExit Exit, string StderrTail = "")
{
    /// <summary>What the rollout says of the turn.</summary>
    internal RolloutFindings Rollout { get; init; } = RolloutFindings.None;
}
