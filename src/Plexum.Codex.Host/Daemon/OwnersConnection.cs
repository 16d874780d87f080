namespace Plexum.Codex.Host.Daemon;

/// <summary>Marks a connection through the unix socket, which only the owner can use.</summary>
internal sealed class OwnersConnection
{
    private OwnersConnection() { }

    /// <summary>The only instance.</summary>
    public static OwnersConnection Instance { get; } = new();
}
