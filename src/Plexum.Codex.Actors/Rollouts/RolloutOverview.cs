using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>The tool calls of a thread and what they cost it.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Path">Its rollout.</param>
/// <param name="Length">The rollout's length in bytes, unpacked where codex has compressed it.</param>
/// <param name="Calls">The calls in the order in which they were made.</param>
/// <param name="LeftOut">How many calls are not in the list, because there are too many.</param>
public sealed record RolloutOverview(ThreadId Thread, string Path, long Length, ImmutableArray<CallSize> Calls, long LeftOut)
{
    // Enough for the names that a list shows.
    private static readonly RolloutLimits Sizes = new() { MaxArguments = 1, MaxOutput = 1 };

    /// <summary>Reads the rollout of a thread; it changes nothing and can be done while codex writes to it.</summary>
    /// <param name="profile">The root of the profile, in which a compressed rollout is unpacked for a moment.</param>
    /// <param name="codexHome">codex's home, where it keeps its threads.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">Tells on which days to look first.</param>
    /// <returns>Null when the thread has no rollout.</returns>
    /// <exception cref="CodexException">It cannot be read; the message names it and the reason.</exception>
    public static RolloutOverview? Read(string profile, string codexHome, ThreadId thread, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(codexHome);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return new RolloutFinder(codexHome, time).Find(thread) is { } rollout ? Read(rollout, thread, OpenRollout.ScratchOf(profile)) : null;
        }
        catch (IOException e)
        {
            throw new CodexException($"The rollout of the thread {thread} cannot be read: {e.Message}", e);
        }
    }

    private static RolloutOverview Read(RolloutFile rollout, ThreadId thread, string scratch)
    {
        using var file = OpenRollout.TryOpen(rollout.Path, scratch, Sizes, out var problem)
            ?? throw new CodexException($"The rollout {rollout.Path} cannot be read: {problem ?? "it is gone"}.");
        var reading = RolloutReading.Of(file.File, 0, file.Length, Sizes);
        return new RolloutOverview(thread, rollout.Path, file.Length, [.. reading.ReadCalls().Select(CallSize.Of)], reading.Calls.LeftOut);
    }
}
