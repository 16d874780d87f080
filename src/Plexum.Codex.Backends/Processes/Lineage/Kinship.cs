namespace Plexum.Codex.Processes.Lineage;

/// <summary>Whether a process belongs to a turn.</summary>
public enum Kinship
{
    /// <summary>Nothing shows that it does.</summary>
    None,

    /// <summary>Codex started it, directly or indirectly.</summary>
    OfTurn,

    /// <summary>It has ended, or its parents ended so fast that it could not be found out.</summary>
    Unknown,
}
