using System.Collections.Immutable;
using Plexum.Codex.Rollouts.Forks;
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
    /// <summary>Where the calls before the fork stand, if the thread was forked from another one; else null.</summary>
    public ForkedFrom? ForkedFrom { get; init; }

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
            var finder = new RolloutFinder(codexHome, time);
            return finder.Find(thread) is { } rollout ? Read(rollout, thread, finder, OpenRollout.ScratchOf(profile)) : null;
        }
        catch (IOException e)
        {
            throw new CodexException($"The rollout of the thread {thread} cannot be read: {e.Message}", e);
        }
    }

    private static RolloutOverview Read(RolloutFile rollout, ThreadId thread, RolloutFinder finder, string scratch)
    {
        using var file = new RolloutOpener(finder, scratch, Sizes).TryOpen(thread, rollout, out var problem)
            ?? throw new CodexException($"The rollout {rollout.Path} cannot be read: {problem ?? "it is gone"}.");
        var reading = RolloutReading.Of(file.File, 0, file.Length, Sizes);
        return new RolloutOverview(thread, file.Path, file.Length, [.. reading.ReadCalls().Select(CallSize.Of)], reading.Calls.LeftOut)
        {
            ForkedFrom = RolloutOrigin.Of(file.File) is { } origin
                ? new ForkedFrom(origin.Parent, finder.Find(origin.Parent)?.Path, origin.Length is not null)
                : null,
        };
    }
}

/// <summary>The thread that another one was forked from.</summary>
/// <param name="Thread">That thread.</param>
/// <param name="Path">Its rollout; null if there is none any more.</param>
/// <param name="HasTheCalls">
/// Whether the calls before the fork stand in that rollout and not in the fork's own, as since codex 0.169.0.
/// </param>
public sealed record ForkedFrom(ThreadId Thread, string? Path, bool HasTheCalls);
