using System.Collections.Frozen;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Agents;

/// <summary>How agents take in and run turns, whatever their backend.</summary>
public sealed record AgentSettings
{
    /// <summary>How many turns of one agent may wait.</summary>
    public int QueueLimit { get; init; }

    /// <summary>How long a turn may take, waiting for its agent and thread included.</summary>
    public TimeSpan TurnTimeout { get; init; }

    /// <summary>How long a turn waits for a thread that another process writes to.</summary>
    public TimeSpan ThreadBusyLimit { get; init; }

    /// <summary>How long an agent stays in memory without anything to do.</summary>
    public TimeSpan IdleTimeout { get; init; }

    /// <summary>A host's model id to codex's own.</summary>
    public FrozenDictionary<string, string> ModelArgs { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>The host's tools.</summary>
    public ToolSettings Tools { get; init; } = new();
}
