namespace Plexum.Codex.Host.Configuration;

/// <summary>How the daemon is reached.</summary>
/// <param name="Socket">The absolute path of its unix socket.</param>
/// <param name="TokenFile">The absolute path of the file with the token for TCP.</param>
/// <param name="MaxBodyBytes">The largest body of a request.</param>
public sealed record ApiSettings(string Socket, string TokenFile, long MaxBodyBytes);
