namespace Plexum.Codex.Sessions;

/// <summary>Another process writes to a thread and did not end within the time that there was.</summary>
public sealed class ThreadBusyException(string message) : CodexException(message);
