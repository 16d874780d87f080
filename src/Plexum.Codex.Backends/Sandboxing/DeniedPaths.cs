using System.Collections.Immutable;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// The paths that a confined command may not read, as the permission profiles of codex can express them. Measured on 0.150.0, 0.169.0 and
/// 0.171.0:
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
/// <param name="All">The paths and patterns for codex.</param>
/// <param name="ToTry">The paths that a command must fail to open: these, and all that was asked to be hidden whole.</param>
internal sealed record DeniedPaths(ImmutableArray<string> All, ImmutableArray<string> ToTry)
{
    // Where a link to it stands, nothing is kept. Without it, shells fail.
    private const string NullDevice = "/dev/null";

    /// <summary>Finds them. File work.</summary>
    /// <exception cref="SandboxUnavailableException">Codex cannot hide one of them, or hiding it would hide the workspace.</exception>
    public static DeniedPaths Find(ConfinedSettings settings, ConfinedPlace place)
    {
        var workspace = RealPath.OfDirectory(place.Workspace)
            ?? throw new SandboxUnavailableException($"The workspace {Shown(place.Workspace)} is gone. Create it again.");
        var profile = settings.Profile is { } root ? RealPath.OfAnything(root) : null;
        var open = Existing([settings.Profile, .. settings.OtherProfiles, .. settings.Own, .. settings.DenyRead], place.Homes);
        var closed = Existing([place.CodexHome, .. settings.Secrets], place.Homes);
        RefuseIfHidden(workspace, profile, open, closed);
        ImmutableArray<string?> withLinks = [settings.Profile, .. settings.OtherProfiles, place.CodexHome, .. settings.Secrets];
        string[] asked =
        [
            .. open.Concat(closed)
                .Concat(LinkTargets.Of(Existing(withLinks, place.Homes), place, workspace))
                .Distinct(StringComparer.Ordinal),
        ];

        // Before anything is left out as covered: a directory that holds codex's program covers nothing.
        var around = new AroundProgram(place.Program, workspace, [.. asked.Where(path => RealPath.IsWithin(place.Program, path))]);
        var whole = asked.Except(around.Holders, StringComparer.Ordinal).ToArray();
        var outermost = Outermost(whole.Union(around.Paths(), StringComparer.Ordinal), workspace);

        // Of a hidden directory around the workspace, the way to the workspace is there.
        var tried = whole.Where(path => !RealPath.IsWithin(workspace, path));
        return new DeniedPaths(
            [.. outermost.Concat(around.Patterns).Order(StringComparer.Ordinal)],
            [.. outermost.Union(tried, StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>Whether codex takes a path for a pattern.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny("*?[]");

    /// <summary>A path as it may be shown in a message.</summary>
    public static string Shown(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private static string[] Existing(ImmutableArray<string?> paths, ImmutableArray<string> homes) =>
        [
            .. paths
                .OfType<string>()
                .SelectMany(path => path.StartsWith("~/", StringComparison.Ordinal) ? homes.Select(home => home + path[1..]) : [path])
                .Select(RealPath.OfAnything)
                .OfType<string>()
                .Where(path => path != NullDevice)
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

    private static List<string> Outermost(IEnumerable<string> paths, string workspace)
    {
        var outermost = new List<string>();
        foreach (var path in paths.OrderBy(path => path.Length))
        {
            if (!outermost.Exists(outer => IsCovered(path, outer, workspace)))
            {
                outermost.Add(Checked(path));
            }
        }

        return outermost;
    }

    private static bool IsCovered(string path, string outer, string workspace) =>
        RealPath.IsWithin(path, outer) && !(RealPath.IsWithin(workspace, outer) && RealPath.IsWithin(path, workspace));

    private static string Checked(string path) =>
        IsPattern(path) || path.Any(char.IsControl)
            ? throw new SandboxUnavailableException(
                $"Confined commands must not read {Shown(path)}, but codex would take that path for a pattern. "
                    + "Rename it without *, ?, [, ] and control characters."
            )
            : path;
}
