using System.Collections.Immutable;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// Where links in hidden directories lead, as in <c>~/.ssh/id -> ~/dotfiles/id</c>: a command that knows the other path would read it
/// there. Only links directly in a directory count.
/// </summary>
internal static class LinkTargets
{
    /// <summary>How many links of one directory are followed. Those that lead to logins come first.</summary>
    public const int MaxLinks = 256;

    private static readonly ImmutableArray<string> Logins = ["auth.json", ".credentials.json", "api-token"];

    // No user keeps secrets there, and programs need it.
    private static readonly ImmutableArray<string> SystemPlaces = ["/dev", "/proc", "/sys"];

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Finds them. File work.</summary>
    /// <param name="hidden">The real paths of what is hidden.</param>
    /// <param name="place">Where the turn runs.</param>
    /// <param name="workspace">The real path of the workspace.</param>
    public static IEnumerable<string> Of(IEnumerable<string> hidden, ConfinedPlace place, string workspace)
    {
        string[] homes = [.. place.Homes.Select(RealPath.OfAnything).OfType<string>()];
        return hidden
            .Where(Directory.Exists)
            .SelectMany(directory => In(directory).Where(target => IsHideable(target, [directory, place.Program, workspace, .. homes])))
            .Where(target => !homes.Any(home => RealPath.IsWithin(target, Path.Combine(home, ".agents"))));
    }

    private static IEnumerable<string> In(string directory) =>
        Directory
            .EnumerateFileSystemEntries(directory, "*", Everything)
            .Where(entry => FileStatus.OfPath(entry)?.Kind == FileKind.Link)
            .OrderByDescending(entry => Logins.Contains(Path.GetFileName(entry)))
            .Take(MaxLinks)
            .Select(RealPath.OfAnything)
            .OfType<string>();

    // A link to a directory around everything says nothing about a secret, and hiding it would leave nothing to work with.
    private static bool IsHideable(string target, ReadOnlySpan<string> needed)
    {
        foreach (var path in needed)
        {
            if (RealPath.IsWithin(path, target))
            {
                return false;
            }
        }

        return !SystemPlaces.Any(system => RealPath.IsWithin(target, system));
    }
}
