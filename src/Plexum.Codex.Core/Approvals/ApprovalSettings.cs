using Plexum.Codex.Options;

namespace Plexum.Codex.Approvals;

/// <summary>What happens to questions of codex. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record ApprovalSettings
{
    /// <summary>When codex asks in a turn whose request does not say so. A request may ask for more questions, not for fewer.</summary>
    public ApprovalPolicy Policy { get; init; }

    /// <summary>How long a question waits for its answer before it is declined.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What happens to questions in turns of one agent.</summary>
    /// <param name="agent">What the operator says of it.</param>
    public ApprovalSettings Of(AgentOverride agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.Approvals is { } policy ? this with { Policy = policy } : this;
    }

    /// <summary>The policy of a turn: the stricter one of the setting and the request.</summary>
    /// <param name="requested">What the request says; null for nothing.</param>
    public ApprovalPolicy Of(ApprovalPolicy? requested) => requested is { } asked && asked > Policy ? asked : Policy;

    /// <summary>Whether a request asks for fewer questions than the setting.</summary>
    /// <param name="requested">What the request says; null for nothing.</param>
    public bool IsLooser(ApprovalPolicy? requested) => requested is { } asked && asked < Policy;
}
