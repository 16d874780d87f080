namespace Plexum.Codex.Client;

/// <summary>The daemon cannot answer right now: it is starting, stopping or busy. The request may be retried.</summary>
public sealed class DaemonBusyException(string message) : IOException(message);
