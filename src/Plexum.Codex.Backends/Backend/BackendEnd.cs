using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>How a turn ended in its backend.</summary>
/// <param name="Result">Completed, failed or stopped.</param>
/// <param name="Thread">The thread that codex worked in or was to resume; null if there was none.</param>
/// <param name="Usage">The tokens of this turn.</param>
/// <param name="ThreadUsage">The tokens of the thread, as far as known.</param>
public sealed record BackendEnd(BackendResult Result, ThreadId? Thread, Usage Usage, Usage ThreadUsage)
{
    /// <summary>Codex's last message, if its output does not have it and its own record does; otherwise null.</summary>
    public string? Answer { get; init; }

    /// <summary>The message of which readers have the beginning, and <see cref="Answer"/> is the rest; null for a whole one.</summary>
    public string? AnswerItem { get; init; }

    /// <summary>The notices for readers of the turn, in order.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; init; } = [];

    /// <summary>The thread's total to keep for its next turn; null if codex gave none.</summary>
    public Usage? Total { get; init; }

    /// <summary>Codex's home, in which codex continued or began the thread; null if it did neither.</summary>
    public string? CodexHome { get; init; }

    /// <summary>The windows of the account's allowance, if known.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>The end of a turn for which codex reported nothing.</summary>
    public static BackendEnd Without(BackendResult result, ThreadId? thread) => new(result, thread, Usage.Zero, Usage.Zero);
}

/// <summary>Completed, failed or stopped. A turn that codex completed stays completed even if it was told to stop.</summary>
public abstract record BackendResult
{
    private BackendResult() { }

    /// <summary>Codex finished the turn.</summary>
    public sealed record Completed : BackendResult
    {
        /// <summary>The only instance.</summary>
        public static Completed Instance { get; } = new();
    }

    /// <summary>The turn failed.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(TurnFailure Failure) : BackendResult;

    /// <summary>The turn was stopped.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="HasRun">Whether codex had started it.</param>
    public sealed record Stopped(StopCause Cause, bool HasRun) : BackendResult;
}
