namespace Plexum.Codex.Turns;

/// <summary>A message that concerns one agent.</summary>
public interface IWithAgentId
{
    /// <summary>The agent.</summary>
    AgentId AgentId { get; }
}
