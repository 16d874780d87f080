using Plexum.Codex.Posix;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>Lists rollouts. It does not overlook a directory that cannot be read: that a thread is gone must be certain.</summary>
internal static class RolloutSearch
{
    // sessions/YYYY/MM/DD
    private const int MaxDepth = 3;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
        MatchCasing = MatchCasing.CaseSensitive,
    };

    /// <summary>Everything that is named like a rollout, whatever it is. Links to directories are not followed.</summary>
    /// <param name="directory">Where to look, three levels deep.</param>
    /// <exception cref="IOException">A directory cannot be read, or is none.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory cannot be read.</exception>
    public static IEnumerable<string> In(string directory) => In(directory, 0);

    /// <summary>Whether a directory is there and has nothing in it.</summary>
    /// <inheritdoc cref="In(string)"/>
    public static bool IsEmpty(string directory) => !Directory.EnumerateFileSystemEntries(directory, "*", Everything).Any();

    private static IEnumerable<string> In(string directory, int depth)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory, "*", Everything))
        {
            if (RolloutName.ThreadOf(entry) is not null)
            {
                yield return entry;
            }
            else if (depth < MaxDepth && FileStatus.OfPath(entry) is { Kind: FileKind.Directory })
            {
                foreach (var below in In(entry, depth + 1))
                {
                    yield return below;
                }
            }
        }
    }
}
