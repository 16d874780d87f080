using System.Collections.Immutable;

namespace Plexum.Codex.Profiles;

/// <summary>Where workspaces and images may lie. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record WorkspaceSettings
{
    /// <summary>Absolute paths. If there are any, a workspace that a request names lies in one of them.</summary>
    public ImmutableArray<string> Roots { get; init; } = [];

    /// <summary>What happens to a turn whose workspace is gone.</summary>
    public MissingWorkspace Missing { get; init; }

    /// <summary>What happens when an agent begins to work where another one does.</summary>
    public SharedWorkspaces Shared { get; init; }

    /// <summary>Absolute paths of directories, besides the workspace, that images of a prompt may lie in.</summary>
    public ImmutableArray<string> ImageRoots { get; init; } = [];

    /// <summary>The directory of the molecule channel's workspaces; a relative path is resolved against the profile.</summary>
    public string Molecule { get; init; } = "molecule";
}
