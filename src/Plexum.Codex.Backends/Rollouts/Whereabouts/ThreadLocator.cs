using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// Finds out what has become of a thread. Codex says <c>no rollout found</c> of a thread that was deleted, and in the same words of one
/// whose sessions are on a disk that is not mounted, in another home or in another directory (measured on 0.169.0 and 0.171.0). So a
/// thread counts as gone only where all of <c>sessions/</c> can be read, the thread is not there, and a neighbour is that was there when
/// it was seen last, in the very directory that was the nearest with others in it: that of its day, month or year, or <c>sessions/</c>;
/// and where the directory that the thread itself was in is still the same, so that no directory between was moved away. A younger thread
/// proves nothing, nor does a directory without one: codex or a restore makes both, even where a disk should be mounted, and a backup may
/// move the files and leave the directories. It is stateless and thread-safe.
/// </summary>
/// <param name="codexHome">Codex's home, an absolute path.</param>
/// <param name="time">The clock.</param>
public sealed class ThreadLocator(string codexHome, TimeProvider time)
{
    private static readonly ThreadWhereabouts Gone = new(RolloutState.Gone, null);

    private readonly string _sessions = Path.Combine(Normal(codexHome), "sessions");

    /// <summary>Finds out what has become of a thread. A refusal of the file system is part of the answer.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="seen">When and where codex last continued it; null if unknown.</param>
    public ThreadWhereabouts Locate(ThreadId thread, ThreadSighting? seen)
    {
        try
        {
            return FindQuickly(thread) is { } path ? Check(path)
                : FindArchived(thread) is { } archived ? Archived(thread, archived)
                : IsElsewhere(seen) ? OtherHome(seen!)
                : Search(thread, seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ThreadWhereabouts.Unreachable(
                $"not all rollouts in {codexHome} can be read: {e.Message.TrimEnd('.')}",
                "Check that its disk is mounted and that this user may read it."
            );
        }
    }

    /// <summary>Notes where a thread is that codex has just continued. Looks at the disk.</summary>
    /// <param name="thread">The thread.</param>
    /// <exception cref="IOException">The sessions cannot be read.</exception>
    public ThreadSighting See(ThreadId thread)
    {
        // A thread that begins while this one's neighbours are looked for is none of them.
        var at = time.GetUtcNow();
        return FindQuickly(thread) is { } path
            ? new ThreadSighting(codexHome, at, PlaceOf(thread, path), RolloutPlace.Of(Path.GetDirectoryName(Path.GetFullPath(path))!))
            : new ThreadSighting(codexHome, at);
    }

    private RolloutPlace? PlaceOf(ThreadId thread, string path)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            while (!RolloutSearch.In(directory).Any(other => RolloutName.ThreadOf(other) != thread))
            {
                if (directory.Length <= _sessions.Length)
                {
                    return null;
                }

                directory = Path.GetDirectoryName(directory)!;
            }

            return RolloutPlace.Of(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a place the thread is never given up.
            return null;
        }
    }

    /// <summary>A command of codex's for a thread, for a shell.</summary>
    internal static string CommandOf(string codexHome, string command, ThreadId thread) =>
        $"CODEX_HOME={ShellPath.Quote(codexHome)} codex {command} {thread}";

    private string? FindQuickly(ThreadId thread) => new RolloutFinder(codexHome, time).Find(thread)?.Path;

    private string? FindArchived(ThreadId thread) => ArchivedRollout.Find(codexHome, thread);

    private ThreadWhereabouts Check(string path) =>
        RolloutCheck.Of(path) is { State: not RolloutState.There } found ? found
        : ForkCheck.MissingOrigin(path, thread => FindQuickly(thread) ?? FindArchived(thread)) is { } origin
            ? ThreadWhereabouts.Unreadable(
                path,
                $"it is a fork, and the rollout of the thread {origin}, which it continues, is gone",
                "Bring that one's rollout back from a backup."
            )
        : new ThreadWhereabouts(RolloutState.There, path);

    // For one that was moved by hand the command fails; codex then says that it does not know the thread.
    private ThreadWhereabouts Archived(ThreadId thread, string path) =>
        new(
            RolloutState.Archived,
            path,
            "it is archived",
            "Bring it back; if codex does not know that it is archived, move the file back to the directory of its day in sessions/.",
            CommandOf(codexHome, "unarchive", thread)
        );

    private ThreadWhereabouts Search(ThreadId thread, ThreadSighting? seen)
    {
        if (!Directory.Exists(_sessions))
        {
            return ThreadWhereabouts.Unreachable(
                $"the directory {_sessions} is not there",
                "Bring it back, or mount the disk that it is on."
            );
        }

        // A disk may be mounted or taken away in the midst of the search.
        var neighbours = seen is { IsIntact: true, Place: { } place } ? place.Directory + "/" : null;
        var hasNeighbour = false;
        foreach (var path in RolloutSearch.In(_sessions))
        {
            if (RolloutName.ThreadOf(path) == thread)
            {
                return Check(path);
            }

            hasNeighbour |= neighbours is not null && path.StartsWith(neighbours, StringComparison.Ordinal) && IsOlder(path, seen);
        }

        return hasNeighbour && seen is { IsIntact: true } ? Gone : OutOfReach(seen);
    }

    private static bool IsOlder(string path, ThreadSighting? seen) =>
        RolloutName.ThreadOf(path) is { } other && RolloutName.BeginOf(other) <= seen?.At;

    private ThreadWhereabouts OutOfReach(ThreadSighting? seen) =>
        ThreadWhereabouts.Unreachable(
            seen?.Place is { } place
                ? seen.IsIntact
                    ? $"{place.Directory} has no thread any more that was there with this one"
                    : $"{(seen.Own is { IsThere: false } own ? own : place).Directory} is gone, or is another directory than it was then"
                : $"it is not in {_sessions}, and it is unknown which threads were there with it",
            "Bring back what was moved away, or mount the disk that it is on."
        );

    private bool IsElsewhere(ThreadSighting? seen) => seen is not null && Normal(seen.CodexHome) != Normal(codexHome);

    private ThreadWhereabouts OtherHome(ThreadSighting seen) =>
        ThreadWhereabouts.Unreachable(
            $"it was last continued in codex's home {seen.CodexHome}, and codex's home is {codexHome} now",
            $"Set CODEX_HOME to {seen.CodexHome} again."
        );

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
