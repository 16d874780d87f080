using System.Collections.Frozen;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Agents;

/// <summary>How agents accept and run turns, independent of the backend.</summary>
public sealed record AgentSettings
{
    /// <summary>The maximum number of turns and consumes in an agent's queue.</summary>
    public int QueueLimit { get; init; }

    /// <summary>How long a turn may take, including its waits for the agent's lock and the thread.</summary>
    public TimeSpan TurnTimeout { get; init; }

    /// <summary>How long a turn waits for a thread that another process writes to.</summary>
    public TimeSpan ThreadBusyLimit { get; init; }

    /// <summary>How long an idle agent stays in memory.</summary>
    public TimeSpan IdleTimeout { get; init; }

    /// <summary>Maps a host's model ids to codex's.</summary>
    public FrozenDictionary<string, string> ModelArgs { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>The host's tools.</summary>
    public ToolSettings Tools { get; init; } = new();
}
