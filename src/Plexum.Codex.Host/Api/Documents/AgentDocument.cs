using System.Collections.Immutable;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>An agent. What is not known is left out.</summary>
public sealed record AgentDocument
{
    /// <summary>The agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>What it is doing; only where one agent was asked for.</summary>
    public AgentPhase? State { get; init; }

    /// <summary>The workspace of its newest turn; null where it has none.</summary>
    public string? Workspace { get; init; }

    /// <summary>The thread that its next turn continues; null where it has none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>When its first turn was accepted.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When its newest turn was accepted, or one of its turns ended.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>How many of its turns wait.</summary>
    public required long Queued { get; init; }

    /// <summary>How many of its turns run.</summary>
    public required long Running { get; init; }

    /// <summary>How many of its turns are over.</summary>
    public required long Ended { get; init; }

    /// <summary>How many of those failed or took too long.</summary>
    public required long Failed { get; init; }

    /// <summary>What all its turns used.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The turn at hand; only where one agent was asked for.</summary>
    public string? RunningTurn { get; init; }

    /// <summary>The turns that wait, in their order; only where one agent was asked for.</summary>
    public ImmutableArray<string>? QueuedTurns { get; init; }

    /// <summary>The document of an agent.</summary>
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
public sealed record AgentsDocument(ImmutableArray<AgentDocument> Agents, string? Next = null);
