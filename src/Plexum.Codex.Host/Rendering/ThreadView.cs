using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>An agent's thread, to be shown.</summary>
/// <param name="Agent">The agent.</param>
internal sealed record ThreadView(AgentId Agent)
{
    /// <summary>The thread that its next turn continues; null if that begins a new one.</summary>
    public ThreadId? Thread { get; init; }

    /// <summary>What has become of the thread.</summary>
    public ThreadWhereabouts? Found { get; init; }

    /// <summary>The process that writes to the thread now; null if none does.</summary>
    public LockHolder? Writer { get; init; }

    /// <summary>Why codex did not continue the thread last time; null if it did.</summary>
    public ThreadProblem? Problem { get; init; }

    /// <summary>What is wrong with it, as a clause; null for nothing.</summary>
    public string? Trouble => Found?.Problem ?? (Problem is null ? null : "codex did not continue it in the last turn");

    /// <summary>What to do about it, as whole sentences; null if nothing special is known.</summary>
    public string? Remedy =>
        Found?.Remedy ?? (Problem is null ? null : "The message of the last turn says what to do; the next turn tries again.");

    /// <summary>The command for a shell that mends it; null if there is none.</summary>
    public string? Command => IsArchivedByHand ? ArchivedRollout.CommandToMoveBack(Found!.Path!) : Found?.Command;

    // The message ends with the command if codex said that it is archived.
    private bool IsArchivedByHand =>
        Found is { State: RolloutState.Archived, Path: not null, Command: { } command }
        && Problem is { Code: ThreadProblem.Archived } problem
        && !problem.Message.EndsWith(command, StringComparison.Ordinal);

    /// <summary>Its state in one word; if nothing is known but that codex did not continue it, the code of that error.</summary>
    public string State =>
        Found is not { } found ? "none"
        : Writer is not null ? "locked"
        : found.State switch
        {
            RolloutState.There => Problem?.Code ?? "there",
            RolloutState.Archived => "archived",
            RolloutState.Unreadable => "unreadable",
            RolloutState.Gone => "gone",
            _ => "unreachable",
        };
}
