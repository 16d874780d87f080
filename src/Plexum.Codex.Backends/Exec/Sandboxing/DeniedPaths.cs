using System.Collections.Immutable;
using System.IO.Enumeration;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Exec.Sandboxing;

/// <summary>
/// Finds the paths that a confined command may not read, as the permission profiles of codex can express them. Measured on 0.150.0,
/// 0.169.0 and 0.171.0:
/// <list type="bullet">
/// <item>A denied directory hides all that is in it. The workspace stays usable in it, but <c>read</c> for a part of it has no
/// effect.</item>
/// <item>A denied path within a denied directory makes codex fail, unless it is in the workspace.</item>
/// <item>A path with <c>*</c>, <c>?</c>, <c>[</c> or <c>]</c> is a pattern, which hides files only, and a path with a tab or a line feed
/// hides nothing; codex says so in neither case.</item>
/// <item>Links are followed. A missing path is ignored, but in a writable directory codex leaves an empty file there.</item>
/// <item>Codex runs itself within the sandbox, so it does not start if the directory of its program is denied.</item>
/// </list>
/// </summary>
internal static class DeniedPaths
{
    // For a directory that holds codex's program. Codex creates and removes such files while a turn runs.
    private static readonly ImmutableArray<string> Patterns = ["*.json", "*.jsonl", "*.sqlite*", "*.toml"];

    /// <summary>Finds them. File work.</summary>
    /// <exception cref="SandboxUnavailableException">Codex cannot hide one of them, or hiding it would hide the workspace.</exception>
    public static ImmutableArray<string> Find(ConfinedSettings settings, ConfinedPlace place)
    {
        var workspace = RealPath.OfDirectory(place.Workspace)
            ?? throw new SandboxUnavailableException($"The workspace {Shown(place.Workspace)} is gone. Create it again.");
        var profile = settings.Profile is { } root ? RealPath.OfAnything(root) : null;
        var open = Existing([settings.Profile, .. settings.Own, .. settings.DenyRead], place.Homes);
        var closed = Existing([place.CodexHome, .. settings.Secrets], place.Homes);
        RefuseIfHidden(workspace, profile, open, closed);
        var outermost = new List<string>();
        foreach (var path in open.Union(closed, StringComparer.Ordinal).OrderBy(path => path.Length))
        {
            if (!outermost.Exists(outer => IsCovered(path, outer, workspace)))
            {
                outermost.Add(Checked(path));
            }
        }

        return
        [
            .. outermost
                .SelectMany(path => RealPath.IsWithin(place.Program, path) ? Around(path, place.Program) : [path])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether codex takes a path for a pattern.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny("*?[]");

    private static string[] Existing(ImmutableArray<string?> paths, ImmutableArray<string> homes) =>
        [
            .. paths
                .OfType<string>()
                .SelectMany(path => path.StartsWith("~/", StringComparison.Ordinal) ? homes.Select(home => home + path[1..]) : [path])
                .Select(RealPath.OfAnything)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    private static void RefuseIfHidden(string workspace, string? profile, string[] open, string[] closed)
    {
        var inProfile = profile is not null && workspace != profile && RealPath.IsWithin(workspace, profile);
        var hiding = closed.FirstOrDefault(path =>
            RealPath.IsWithin(workspace, path) && !(inProfile && path != workspace && RealPath.IsWithin(profile!, path))
        ) ?? open.FirstOrDefault(path => path == workspace);
        if (hiding is not null)
        {
            throw new SandboxUnavailableException(
                $"The workspace {Shown(workspace)} cannot be used by confined commands, which must not read {Shown(hiding)}. "
                    + "Choose another workspace."
            );
        }
    }

    private static bool IsCovered(string path, string outer, string workspace) =>
        RealPath.IsWithin(path, outer) && !(RealPath.IsWithin(workspace, outer) && RealPath.IsWithin(path, workspace));

    // What codex adds to such a directory in the turn itself stays readable, if no pattern covers it.
    private static IEnumerable<string> Around(string directory, string program) =>
        Directory
            .EnumerateFileSystemEntries(directory)
            .Where(entry => !RealPath.IsWithin(program, entry) && (Directory.Exists(entry) || !MatchesPattern(entry)))
            .Select(Checked)
            .Concat(Patterns.Select(pattern => Path.Combine(directory, pattern)));

    private static bool MatchesPattern(string file) =>
        Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file.AsSpan()), ignoreCase: false));

    private static string Checked(string path) =>
        IsPattern(path) || path.Any(char.IsControl)
            ? throw new SandboxUnavailableException(
                $"Confined commands must not read {Shown(path)}, but codex would take that path for a pattern. "
                    + "Rename it without *, ?, [, ] and control characters."
            )
            : path;

    private static string Shown(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
