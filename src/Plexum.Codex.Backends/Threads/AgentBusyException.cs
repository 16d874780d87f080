namespace Plexum.Codex.Threads;

/// <summary>Another process is running a turn of the agent and did not finish within the time allowed.</summary>
public sealed class AgentBusyException(string message) : CodexException(message);
