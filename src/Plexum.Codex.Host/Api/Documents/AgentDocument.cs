using System.Collections.Immutable;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>An agent. What is not known is left out.</summary>
internal sealed record AgentDocument
{
    public required string AgentId { get; init; }

    /// <summary>What it is doing; only where one agent was asked for.</summary>
    public AgentPhase? State { get; init; }

    public string? Workspace { get; init; }

    public string? ThreadId { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required long Queued { get; init; }

    public required long Running { get; init; }

    public required long Ended { get; init; }

    public required long Failed { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>The turn at hand; only where one agent was asked for.</summary>
    public string? RunningTurn { get; init; }

    /// <summary>The turns that wait, in their order; only where one agent was asked for.</summary>
    public ImmutableArray<string>? QueuedTurns { get; init; }

    public static AgentDocument Of(AgentEntry agent) => new()
    {
        AgentId = agent.AgentId.Value,
        Workspace = agent.Workspace,
        ThreadId = agent.ThreadId?.ToString(),
        FirstSeenAt = agent.FirstSeenAt,
        LastSeenAt = agent.LastSeenAt,
        Queued = agent.Queued,
        Running = agent.Running,
        Ended = agent.Ended,
        Failed = agent.Failed,
        Usage = agent.Usage,
    };
}

/// <summary>A page of agents in the order of their names.</summary>
/// <param name="Agents">The agents.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
internal sealed record AgentsDocument(ImmutableArray<AgentDocument> Agents, string? Next = null);
