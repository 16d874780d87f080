namespace Plexum.Codex.Host.Daemon;

/// <summary>Marks a connection that came through the unix socket, which only the owner may connect to.</summary>
internal sealed class OwnersConnection
{
    private OwnersConnection() { }

    /// <summary>The only one there is.</summary>
    public static OwnersConnection Instance { get; } = new();
}
