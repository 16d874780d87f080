namespace Plexum.Codex.Host.Configuration;

/// <summary>The settings of the daemon's HTTP interface.</summary>
/// <param name="Socket">The absolute path of its unix socket.</param>
/// <param name="TokenFile">The absolute path of the file with the token for TCP.</param>
/// <param name="MaxBodyBytes">The largest request body, in bytes.</param>
public sealed record ApiSettings(string Socket, string TokenFile, long MaxBodyBytes)
{
    /// <summary>Whether what codex starts for a turn may use the socket.</summary>
    public bool TurnsMayCall { get; init; }

    /// <summary>Whether processes of another mount or pid namespace may use the socket.</summary>
    public bool OtherNamespacesMayCall { get; init; }
}
