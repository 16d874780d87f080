namespace Plexum.Codex.Options;

/// <summary>What the operator says of one agent, in <c>agents.overrides</c>. What is null is left to the settings of all agents.</summary>
public sealed record AgentOverride
{
    /// <summary>Nothing is said.</summary>
    public static AgentOverride None { get; } = new();

    /// <summary>What runs the agent's turns whose request names nothing; null for <c>codex.backend</c>.</summary>
    public BackendKind? Backend { get; init; }

    /// <summary>
    /// When codex asks in the agent's turns; null for <c>approvals.policy</c>. It may ask less than that, since the operator says both.
    /// </summary>
    public ApprovalPolicy? Approvals { get; init; }
}
