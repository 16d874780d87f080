using System.Text.Json;
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

    /// <summary>Whether the server may still begin it, or go on with it.</summary>
    public bool MayGoOn { get; init; }
}

/// <summary>What the server has told of a turn by its end.</summary>
/// <param name="Resumed">The thread that codex was asked to resume; null for a new one.</param>
/// <param name="Baseline">The thread's total before the turn; null if unknown.</param>
/// <param name="Total">The thread's total; null if it was not told.</param>
/// <param name="Status">How it ended; null if that was not told.</param>
/// <param name="Error">Its error; null if it has none.</param>
/// <param name="RateLimits">The limits of the account; null if they were not told.</param>
/// <param name="HasWorked">Whether codex may have done something in it.</param>
internal sealed record ToldTurn(
    ThreadId? Resumed,
    Usage? Baseline,
    Usage? Total,
    ServerTurnStatus? Status,
    JsonElement? Error,
    RateLimits? RateLimits,
    bool HasWorked
);
