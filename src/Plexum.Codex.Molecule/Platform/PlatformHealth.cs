namespace Plexum.Codex.Molecule.Platform;

/// <summary>Whether the platform as a whole can be called.</summary>
internal enum PlatformHealth
{
    /// <summary>It answers.</summary>
    Up,

    /// <summary>It does not answer. Only the inbox calls it, less and less often.</summary>
    Down,

    /// <summary>It refuses this workspace and is not called any more.</summary>
    Refused,
}
