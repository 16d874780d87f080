namespace Plexum.Codex.Profiles;

/// <summary>
/// What happens when an agent begins to work in the workspace of another agent, or in a directory that contains it or lies in it.
/// </summary>
public enum SharedWorkspaces
{
    /// <summary>The turn runs, and a notice names the other agent.</summary>
    Tell,

    /// <summary>The turn is refused.</summary>
    Refuse,

    /// <summary>The turn runs, and nobody is told.</summary>
    Allow,
}
