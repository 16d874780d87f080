namespace Plexum.Codex.Sessions;

/// <summary>Another process runs a turn of an agent and did not end within the time that there was.</summary>
public sealed class AgentBusyException(string message) : CodexException(message);
