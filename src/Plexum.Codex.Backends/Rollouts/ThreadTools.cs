using System.Text.Json.Nodes;
using Plexum.Codex.Backend;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// Shows or hides the tools of a host that a thread was begun with, so that the model sees none that nobody would answer. Stateless and
/// thread-safe.
/// </summary>
/// <param name="codexHome">Codex's home.</param>
/// <param name="loaded">The threads that a running codex holds.</param>
/// <param name="time">The clock.</param>
internal sealed class ThreadTools(string codexHome, ILoadedThreads loaded, TimeProvider time)
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(2);

    private readonly RolloutFinder _finder = new(codexHome, time);

    /// <summary>Has codex offer these tools in the thread, if it was begun with them, and no others that it was begun with.</summary>
    /// <param name="thread">The thread; no turn runs in it.</param>
    /// <param name="tools">The tools; null for none.</param>
    /// <returns>Whether codex offers them.</returns>
    /// <exception cref="CodexException">Another program holds the thread.</exception>
    /// <exception cref="IOException">The rollout cannot be read or written; it is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The rollout's directory is not writable; it is unchanged.</exception>
    public async Task<bool> ShowAsync(ThreadId thread, JsonArray? tools)
    {
        if (Look(thread) is not { } slot)
        {
            return false;
        }

        var isWanted = JsonNode.DeepEquals(slot.Tools, tools);
        if (slot.IsShown != isWanted)
        {
            // A codex that has the thread loaded would go on with what it was, and write the next turn into the file that is replaced.
            await loaded.ReleaseAsync(thread, CancellationToken.None).ConfigureAwait(false);
            using var writer = await ThreadWriterLock.AcquireAsync(codexHome, thread, LockLimit, time).ConfigureAwait(false);
            Turn(thread, isWanted);
        }

        return isWanted;
    }

    private ToolSlot? Look(ThreadId thread)
    {
        using var rollout = Open(thread);
        return rollout is null ? null : ToolSlot.Find(rollout.File);
    }

    private void Turn(ThreadId thread, bool isWanted)
    {
        using var rollout = Open(thread);
        if (rollout is not null && ToolSlot.Find(rollout.File) is { } slot && slot.IsShown != isWanted)
        {
            RewrittenFile.RemoveStale(rollout.Path);
            using var changed = new RewrittenFile(rollout.Path, rollout.Source, RolloutFile.IsPacked(rollout.Path) ? rollout.File : null);
            changed.Commit([slot.Turned()]);
        }
    }

    // What cannot be read, codex refuses in its own words.
    private OpenRollout? Open(ThreadId thread) =>
        _finder.Find(thread) is { } found
            ? OpenRollout.TryOpen(found.Path, Path.GetDirectoryName(found.Path)!, new RolloutLimits(), out _)
            : null;
}
