using System.Collections.Frozen;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents.Checks;

/// <summary>How turns are accepted and run. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record AgentSettings
{
    /// <summary>The maximum number of turns and consumes in an agent's queue.</summary>
    public int QueueLimit { get; init; } = 1000;

    /// <summary>What happens to a request with the idempotency key of another one.</summary>
    public KeyReuse KeyReuse { get; init; }

    /// <summary>How long a turn may take, including the wait for its agent and thread.</summary>
    public TimeSpan TurnTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a turn waits for a thread that another process writes to.</summary>
    public TimeSpan ThreadBusyLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a turn waits for its slot before its readers are told; null for never.</summary>
    public TimeSpan? WaitingNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an agent with nothing to do stays in memory.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Maps a host's model id to the value of codex's <c>--model</c>.</summary>
    public FrozenDictionary<string, string> ModelArgs { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the model's commands may do in a turn whose request does not say so.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>Whether confined commands reach the network.</summary>
    public bool ConfinedHasNetwork { get; init; }

    /// <summary>What the model's commands may do at most in a turn that answers a message of an inbox.</summary>
    public CodexSandbox InboxSandbox { get; init; } = CodexSandbox.Confined;

    /// <summary>Where workspaces and images may lie.</summary>
    public WorkspaceSettings Workspaces { get; init; } = new();

    /// <summary>What happens to questions of codex.</summary>
    public ApprovalSettings Approvals { get; init; } = new();

    /// <summary>What the operator says of single agents.</summary>
    public FrozenDictionary<AgentId, AgentOverride> Overrides { get; init; } = FrozenDictionary<AgentId, AgentOverride>.Empty;

    /// <summary>The host's tools.</summary>
    public ToolSettings Tools { get; init; } = new();

    /// <summary>What the operator says of an agent.</summary>
    public AgentOverride OverrideOf(AgentId agent) => Overrides.GetValueOrDefault(agent, AgentOverride.None);

    /// <summary>What happens to questions of codex in turns of an agent.</summary>
    public ApprovalSettings ApprovalsOf(AgentId agent) => Approvals.Of(OverrideOf(agent));
}
