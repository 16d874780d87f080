namespace Plexum.Codex.Host.Daemon;

/// <summary>The process that made a connection through the unix socket, as it was when the connection was checked.</summary>
/// <param name="User">The user it ran as.</param>
/// <param name="Pid">Its pid.</param>
internal sealed record CallingProcess(uint User, int Pid);
