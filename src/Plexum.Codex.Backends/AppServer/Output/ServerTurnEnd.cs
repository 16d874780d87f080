using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>How the server says that a turn ended.</summary>
internal enum ServerTurnStatus
{
    /// <summary>The model ended it.</summary>
    Completed,

    /// <summary>An error ended it.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Interrupted,
}

/// <summary>What is known about the end of a turn besides what the server said.</summary>
/// <param name="Thread">The thread; null if none was opened.</param>
/// <param name="Stop">Why the turn was told to stop; null if it was not.</param>
/// <param name="Failure">Why this program ended the turn; null if it did not.</param>
/// <param name="Rollout">What codex's own record of the thread says.</param>
internal sealed record ServerTurnEnd(ThreadId? Thread, StopCause? Stop, TurnFailure? Failure, RolloutFindings Rollout)
{
    /// <summary>Why the server was lost before it told the end; null if it was not.</summary>
    public string? Lost { get; init; }
}
