namespace Plexum.Codex.Host.Client;

/// <summary>The daemon does not answer for now: it is being started, stopped, or is busy. The request may be sent again.</summary>
public sealed class DaemonBusyException(string message) : IOException(message);
