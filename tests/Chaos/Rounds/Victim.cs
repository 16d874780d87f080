namespace Plexum.Codex.Chaos.Rounds;

/// <summary>What is killed.</summary>
[Flags]
public enum Victim
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Codex's app-server.</summary>
    Server = 1,

    /// <summary>The daemon.</summary>
    Daemon = 2,

    /// <summary>Both.</summary>
    Both = Server | Daemon,
}
