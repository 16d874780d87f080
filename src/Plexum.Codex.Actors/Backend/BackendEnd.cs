using System.Collections.Immutable;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>How a turn ended in its backend.</summary>
/// <param name="Result">Completed, failed or stopped.</param>
/// <param name="Thread">The thread in which codex worked, or which it was to resume; null when there was none.</param>
/// <param name="Usage">The tokens of this turn.</param>
/// <param name="ThreadUsage">The tokens of the thread, as far as they are known.</param>
public sealed record BackendEnd(BackendResult Result, ThreadId? Thread, Usage Usage, Usage ThreadUsage)
{
    /// <summary>What the reader should know, in order.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; init; } = [];

    /// <summary>The thread's total to keep for its next turn; null when codex gave none.</summary>
    public Usage? Total { get; init; }

    /// <summary>The windows of the account's allowance, where known.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>The end of a turn of which codex has said nothing.</summary>
    public static BackendEnd Without(BackendResult result, ThreadId? thread) => new(result, thread, Usage.Zero, Usage.Zero);
}

/// <summary>Completed, failed or stopped. A turn that codex completed stays completed even when it was told to stop.</summary>
public abstract record BackendResult
{
    private BackendResult() { }

    /// <summary>codex finished the turn.</summary>
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
    /// <param name="HasRun">Whether codex had begun it.</param>
    public sealed record Stopped(StopCause Cause, bool HasRun) : BackendResult;
}
