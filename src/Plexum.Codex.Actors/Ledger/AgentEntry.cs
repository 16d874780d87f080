using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>What the ledger knows of an agent.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Workspace">The workspace of its newest turn, or null.</param>
/// <param name="ThreadId">The thread of the turn that ended last with one, or null.</param>
/// <param name="FirstSeenAt">When its first turn was accepted.</param>
/// <param name="LastSeenAt">When its newest turn was accepted, or one of its turns ended.</param>
/// <param name="Queued">How many of its turns wait.</param>
/// <param name="Running">How many of its turns are being carried out.</param>
/// <param name="Ended">How many of its turns are over, forgotten ones included.</param>
/// <param name="Failed">How many of those ended in an error or took too long.</param>
/// <param name="Usage">What all its turns used.</param>
public sealed record AgentEntry(
    AgentId AgentId,
    string? Workspace,
    ThreadId? ThreadId,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt,
    long Queued,
    long Running,
    long Ended,
    long Failed,
    Usage Usage);
