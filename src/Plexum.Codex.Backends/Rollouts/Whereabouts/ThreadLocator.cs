using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// Finds out what has become of a thread. Codex says <c>no rollout found</c> of a thread that was deleted, and in the same words of one
/// whose sessions are on a disk that is not mounted, in another home or in another directory (measured on 0.169.0 and 0.171.0). So a
/// thread counts as gone only where its neighbours are there and it is not: the directory of the day on which it began is there, all of
/// <c>sessions/</c> can be read, and another rollout is in it. One that is younger than the last use of the thread counts only if
/// <c>sessions/</c> is still the same directory, because codex begins threads wherever it finds itself. It is stateless and thread-safe.
/// </summary>
/// <param name="codexHome">Codex's home, an absolute path.</param>
/// <param name="time">The clock, whose time zone names the days.</param>
public sealed class ThreadLocator(string codexHome, TimeProvider time)
{
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
        var horizon = seen?.At ?? RolloutName.BeginOf(thread) ?? DateTimeOffset.MaxValue;
        var hasNeighbour = false;
        foreach (var path in RolloutSearch.In(_sessions))
        {
            var found = RolloutName.ThreadOf(path)!.Value;
            if (found == thread)
            {
                return RolloutCheck.Of(path);
            }

            hasNeighbour |= isSame || RolloutName.BeginOf(found) <= horizon;
        }

        return IsElsewhere(seen) ? OtherHome(seen!)
            : DayOf(thread) is { } day && FileStatus.OfPath(day) is not { Kind: FileKind.Directory }
                ? ThreadWhereabouts.Unreachable(
                    $"the directory {day}, where it began, is not there",
                    "Bring it back, or mount the disk that it is on."
                )
            : hasNeighbour || (DayOf(thread) is { } empty && RolloutSearch.IsEmpty(empty)) ? new ThreadWhereabouts(RolloutState.Gone, null)
            : ThreadWhereabouts.Unreachable(
                $"none of the threads before it is in {_sessions} either",
                "Check that this is the right directory and that its disk is mounted."
            );
    }

    private bool IsElsewhere(ThreadSighting? seen) => seen is not null && Normal(seen.CodexHome) != Normal(codexHome);

    private ThreadWhereabouts OtherHome(ThreadSighting seen) =>
        ThreadWhereabouts.Unreachable(
            $"it was last continued in codex's home {seen.CodexHome}, and codex's home is {codexHome} now",
            $"Set CODEX_HOME to {seen.CodexHome} again."
        );

    // codex names the directories by its local date.
    private string? DayOf(ThreadId thread) =>
        RolloutName.BeginOf(thread) is { } begin
            ? Path.Combine(
                _sessions,
                TimeZoneInfo.ConvertTime(begin, time.LocalTimeZone).ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture)
            )
            : null;

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
