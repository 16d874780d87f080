using System.Collections.Immutable;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>The tool calls of a thread and their sizes.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Path">Its rollout.</param>
/// <param name="Length">The rollout's unpacked length in bytes.</param>
/// <param name="Calls">The calls, oldest first.</param>
/// <param name="LeftOut">How many calls the list leaves out, because there are too many or they have no usable id.</param>
public sealed record RolloutOverview(ThreadId Thread, string Path, long Length, ImmutableArray<CallSize> Calls, long LeftOut)
{
    // The list shows no arguments or outputs.
    private static readonly RolloutLimits Sizes = new() { MaxArguments = 1, MaxOutput = 1 };

    /// <summary>Reads the rollout of a thread. It changes nothing and is safe while codex writes to the rollout.</summary>
    /// <param name="profile">The root of the profile, in which a compressed rollout is unpacked temporarily.</param>
    /// <param name="codexHome">codex's home, where it keeps its threads.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The clock, to search recent days first.</param>
    /// <returns>Null when the thread has no rollout.</returns>
    /// <exception cref="CodexException">The rollout cannot be read; the message names it and the reason.</exception>
    public static RolloutOverview? Read(string profile, string codexHome, ThreadId thread, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(codexHome);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return new RolloutFinder(codexHome, time).Find(thread) is { } rollout
                ? Read(rollout, thread, OpenRollout.ScratchOf(profile))
                : null;
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
