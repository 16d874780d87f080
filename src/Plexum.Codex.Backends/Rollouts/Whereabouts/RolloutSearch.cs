using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Locating;

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

    /// <summary>Everything that is named like a rollout, whatever it is.</summary>
    /// <param name="directory">Where to look, three levels deep.</param>
    /// <exception cref="IOException">A directory cannot be read, or is none, or has a link, which is not followed.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory cannot be read.</exception>
    public static IEnumerable<string> In(string directory) => In(directory, 0);

    private static IEnumerable<string> In(string directory, int depth)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory, "*", Everything))
        {
            if (RolloutName.ThreadOf(entry) is not null)
            {
                yield return entry;
            }
            else if (depth < MaxDepth)
            {
                foreach (var below in Below(entry, depth + 1))
                {
                    yield return below;
                }
            }
        }
    }

    private static IEnumerable<string> Below(string entry, int depth) =>
        FileStatus.OfPath(entry)?.Kind switch
        {
            FileKind.Directory => In(entry, depth),
            FileKind.Link => throw new IOException($"{entry} is a link, which may lead to more rollouts and is not followed"),
            _ => [],
        };
}
