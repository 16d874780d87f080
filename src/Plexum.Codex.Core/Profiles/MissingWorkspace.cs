namespace Plexum.Codex.Profiles;

/// <summary>What happens to a turn whose agent has worked in its workspace before, if the workspace is gone.</summary>
public enum MissingWorkspace
{
    /// <summary>The turn works in a new, empty directory, and a notice says so.</summary>
    MakeAnew,

    /// <summary>The turn is refused: what is missing may be on a disk that is not mounted yet.</summary>
    Refuse,
}
