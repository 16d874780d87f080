namespace Plexum.Codex.Threads;

/// <summary>Another process is writing to the thread and did not finish within the time allowed.</summary>
public sealed class ThreadBusyException(string message) : CodexException(message);
