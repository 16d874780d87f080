using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// Finds out what has become of a thread. Codex says <c>no rollout found</c> of a thread that was deleted, and in the same words of one
/// whose sessions are on a disk that is not mounted, in another home or in another directory (measured on 0.169.0 and 0.171.0). So a
/// thread counts as gone only where all of <c>sessions/</c> can be read, the thread is not there, and something else is that was there
/// with it: the very directory that its rollout was in, or a thread from before its last use, in the same <c>sessions/</c> or beside the
/// directory of its day. A younger thread proves nothing, nor does an empty directory: codex or a restore makes both, even where a disk
/// should be mounted. It is stateless and thread-safe.
/// </summary>
/// <param name="codexHome">Codex's home, an absolute path.</param>
/// <param name="time">The clock.</param>
public sealed class ThreadLocator(string codexHome, TimeProvider time)
{
    private static readonly ThreadWhereabouts Gone = new(RolloutState.Gone, null);

    private readonly string _sessions = Path.Combine(codexHome, "sessions");
    private readonly string _archive = Path.Combine(codexHome, "archived_sessions");

    /// <summary>Finds out what has become of a thread. A refusal of the file system is part of the answer.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="seen">When and where codex last continued it; null if unknown.</param>
    public ThreadWhereabouts Locate(ThreadId thread, ThreadSighting? seen)
    {
        try
        {
            return FindQuickly(thread) is { } path ? RolloutCheck.Of(path)
                : FindArchived(thread) is { } archived ? new ThreadWhereabouts(RolloutState.Archived, archived)
                : Search(thread, seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ThreadWhereabouts.Unreachable(
                $"{_sessions} cannot be read: {e.Message.TrimEnd('.')}",
                "Check that its disk is mounted and that this user may read it."
            );
        }
    }

    /// <summary>Notes where a thread is that codex has just continued. Looks at the disk.</summary>
    /// <param name="thread">The thread.</param>
    /// <exception cref="IOException">The sessions cannot be read.</exception>
    public ThreadSighting See(ThreadId thread) =>
        new(
            codexHome,
            time.GetUtcNow(),
            ThreadSighting.SessionsOf(codexHome),
            FindQuickly(thread) is { } path ? RolloutPlace.Of(Path.GetDirectoryName(path)!) : null
        );

    private string? FindQuickly(ThreadId thread) => new RolloutFinder(codexHome, time).Find(thread)?.Path;

    private string? FindArchived(ThreadId thread) =>
        Directory.Exists(_archive) ? RolloutSearch.In(_archive).FirstOrDefault(path => RolloutName.ThreadOf(path) == thread) : null;

    private ThreadWhereabouts Search(ThreadId thread, ThreadSighting? seen)
    {
        if (!Directory.Exists(_sessions))
        {
            return ThreadWhereabouts.Unreachable(
                $"the directory {_sessions} is not there",
                "Bring it back, or mount the disk that it is on."
            );
        }

        var isSame = seen?.Sessions is { } sessions && sessions == ThreadSighting.SessionsOf(codexHome);
        var place = isSame ? seen!.Place : null;
        var identity = place is null ? null : ThreadSighting.IdentityOf(place.Directory);
        var isPlaceSame = identity is not null && identity == place!.Identity;
        var horizon = seen?.At ?? RolloutName.BeginOf(thread) ?? DateTimeOffset.MaxValue;
        var hasNeighbour = false;
        foreach (var path in RolloutSearch.In(_sessions))
        {
            var found = RolloutName.ThreadOf(path)!.Value;
            if (found == thread)
            {
                return RolloutCheck.Of(path);
            }

            hasNeighbour |= RolloutName.BeginOf(found) <= horizon;
        }

        return IsElsewhere(seen) ? OtherHome(seen!)
            : isPlaceSame ? Gone
            : identity is not null
                ? ThreadWhereabouts.Unreachable(
                    $"the directory {place!.Directory}, where it was, is another one now",
                    "Bring the earlier one back, or mount the disk that it is on."
                )
            : !hasNeighbour
                ? ThreadWhereabouts.Unreachable(
                    $"none of the threads before it is in {_sessions} either",
                    "Check that this is the right directory and that its disk is mounted."
                )
            : isSame || HasDayOf(thread) ? Gone
            : ThreadWhereabouts.Unreachable(
                $"the directory of the day on which it began is not in {_sessions}",
                "Bring it back, or mount the disk that it is on."
            );
    }

    private bool IsElsewhere(ThreadSighting? seen) => seen is not null && Normal(seen.CodexHome) != Normal(codexHome);

    private ThreadWhereabouts OtherHome(ThreadSighting seen) =>
        ThreadWhereabouts.Unreachable(
            $"it was last continued in codex's home {seen.CodexHome}, and codex's home is {codexHome} now",
            $"Set CODEX_HOME to {seen.CodexHome} again."
        );

    private bool HasDayOf(ThreadId thread) =>
        RolloutName.BeginOf(thread) is not { } begin
        || RolloutName.DaysAround(begin).Any(day => FileStatus.OfPath(Path.Combine(_sessions, day)) is { Kind: FileKind.Directory });

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
