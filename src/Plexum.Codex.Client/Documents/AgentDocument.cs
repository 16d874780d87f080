using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client.Documents;

/// <summary>An agent. Unknown values are omitted.</summary>
public sealed record AgentDocument
{
    /// <summary>The agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>What it is doing; only if a single agent was requested.</summary>
    public AgentPhase? State { get; init; }

    /// <summary>The workspace of its newest turn; null if the turn named none.</summary>
    public string? Workspace { get; init; }

    /// <summary>The thread that its next turn continues; null if it has none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Why codex did not continue that thread in its newest turn; null if it did.</summary>
    public ThreadProblemDocument? ThreadProblem { get; init; }

    /// <summary>
    /// What runs its turns whose request names nothing: <c>auto</c>, <c>exec</c> or <c>app-server</c>; null from a daemon of an earlier
    /// version.
    /// </summary>
    public string? Backend { get; init; }

    /// <summary>When codex asks in turns whose request does not ask for more; null from a daemon of an earlier version.</summary>
    public string? Approvals { get; init; }

    /// <summary>When its first turn was accepted.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When its newest turn was accepted, or one of its turns ended.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>How many of its turns are queued.</summary>
    public required long Queued { get; init; }

    /// <summary>How many of its turns are running.</summary>
    public required long Running { get; init; }

    /// <summary>How many of its turns have ended.</summary>
    public required long Ended { get; init; }

    /// <summary>How many of its ended turns failed or timed out.</summary>
    public required long Failed { get; init; }

    /// <summary>The total usage of its turns.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The running turn; only if a single agent was requested.</summary>
    public string? RunningTurn { get; init; }

    /// <summary>The queued turns, in order; only if a single agent was requested.</summary>
    public ImmutableArray<string>? QueuedTurns { get; init; }

    /// <summary>The document of an agent.</summary>
    public static AgentDocument Of(AgentEntry agent) =>
        new()
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

/// <summary>A page of agents, sorted by name.</summary>
/// <param name="Agents">The agents.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
public sealed record AgentsDocument(ImmutableArray<AgentDocument> Agents, string? Next = null);

/// <summary>Why codex did not continue an agent's thread. The agent keeps the thread until a turn begins a new one.</summary>
/// <param name="Code">The code of the turn's error.</param>
/// <param name="Message">Its message, which says what to do.</param>
/// <param name="At">When the turn ended.</param>
public sealed record ThreadProblemDocument(string Code, string Message, DateTimeOffset At);
