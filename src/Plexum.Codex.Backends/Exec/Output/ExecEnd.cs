using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts.Reading;

namespace Plexum.Codex.Exec.Output;

/// <summary>Why codex is no longer running.</summary>
public enum ExecEndCause
{
    /// <summary>It exited by itself.</summary>
    Exited,

    /// <summary>It was stopped because the turn was cancelled.</summary>
    Cancelled,

    /// <summary>It was stopped because the turn exceeded its time limit.</summary>
    TimedOut,

    /// <summary>It was killed because it printed more than a turn may.</summary>
    OutputTooLarge,

    /// <summary>It was stopped because it reported the end of the turn but did not exit.</summary>
    StoppedAfterCompletion,
}

/// <summary>Converts the cause of a turn's stop to that of codex's end.</summary>
internal static class ExecEndCauses
{
    public static ExecEndCause ToEndCause(this StopCause cause) =>
        cause == StopCause.TimedOut ? ExecEndCause.TimedOut : ExecEndCause.Cancelled;
}

/// <summary>How codex ended, once it has exited and all its output has been read.</summary>
/// <param name="Cause">Why it is no longer running.</param>
/// <param name="Exit">How the process ended.</param>
/// <param name="StderrTail">The end of its stderr; shown only if codex reported nothing else.</param>
public sealed record ExecEnd(ExecEndCause Cause, ProcessExit Exit, string StderrTail = "")
{
    /// <summary>What the rollout says about the turn.</summary>
    internal RolloutFindings Rollout { get; init; } = RolloutFindings.None;
}
