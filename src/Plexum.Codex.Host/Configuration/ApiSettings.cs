using Plexum.Codex.Host.Connections;
using Plexum.Codex.Json;

namespace Plexum.Codex.Host.Configuration;

/// <summary>The settings of the daemon's HTTP interface.</summary>
/// <param name="Socket">The absolute path of its unix socket.</param>
/// <param name="TokenFile">The absolute path of the file with the owner's own token for TCP; empty for no such token.</param>
/// <param name="MaxBodyBytes">The largest request body, in bytes.</param>
public sealed record ApiSettings(string Socket, string TokenFile, long MaxBodyBytes)
{
    /// <summary>The maximum number of JSON values in a request body.</summary>
    public int MaxBodyElements { get; init; } = JsonValueLimit.Default;

    /// <summary>How many connections are held.</summary>
    public ConnectionSettings Connections { get; init; } = new();

    /// <summary>Whether what codex starts for a turn may use the socket.</summary>
    public bool TurnsMayCall { get; init; }

    /// <summary>Whether processes of another mount or pid namespace may use the socket.</summary>
    public bool OtherNamespacesMayCall { get; init; }
}
