using System.Collections.Immutable;

using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>The tool calls of a thread and what they cost it.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Path">Its rollout.</param>
/// <param name="Length">The rollout's length in bytes.</param>
/// <param name="Calls">The calls in the order in which they were made.</param>
/// <param name="LeftOut">How many calls are not in the list, because there are too many.</param>
public sealed record RolloutOverview(ThreadId Thread, string Path, long Length, ImmutableArray<CallSize> Calls, long LeftOut)
{
    // Enough for the names that a list shows.
    private static readonly RolloutLimits Sizes = new() { MaxArguments = 1, MaxOutput = 1 };

    /// <summary>Reads the rollout of a thread; it changes nothing and can be done while codex writes to it.</summary>
    /// <param name="codexHome">codex's home, where it keeps its threads.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">Tells on which days to look first.</param>
    /// <returns>Null when the thread has no rollout.</returns>
    /// <exception cref="CodexException">It cannot be read; the message names it and the reason.</exception>
    public static RolloutOverview? Read(string codexHome, ThreadId thread, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(codexHome);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return new RolloutFinder(codexHome, time).Find(thread) is { } rollout ? Read(rollout, thread) : null;
        }
        catch (IOException e)
        {
            throw new CodexException($"The rollout of the thread {thread} cannot be read: {e.Message}", e);
        }
    }

    private static RolloutOverview Read(RolloutFile rollout, ThreadId thread)
    {
        if (rollout.IsCompressed)
        {
            throw new CodexException($"The rollout {rollout.Path} is compressed with zstd, which this program cannot read; unpack it with zstd -d.");
        }

        using var file = RegularFile.TryOpenRead(rollout.Path, followLinks: false, out var problem)
            ?? throw new CodexException($"The rollout {rollout.Path} cannot be read: {problem ?? "it is gone"}.");
        var reading = RolloutReading.Of(file, 0, rollout.Length, Sizes);
        return new RolloutOverview(thread, rollout.Path, rollout.Length, [.. reading.ReadCalls().Select(CallSize.Of)], reading.Calls.LeftOut);
    }
}
