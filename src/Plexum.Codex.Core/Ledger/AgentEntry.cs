using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>What the ledger knows about an agent.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Workspace">The workspace of its newest turn, or null.</param>
/// <param name="ThreadId">The thread of the last ended turn that had one, or null.</param>
/// <param name="FirstSeenAt">When its first turn was accepted.</param>
/// <param name="LastSeenAt">When its newest turn was accepted or one of its turns ended, whichever was later.</param>
/// <param name="Queued">How many of its turns are queued.</param>
/// <param name="Running">How many of its turns are running.</param>
/// <param name="Ended">How many of its turns have ended, including forgotten ones.</param>
/// <param name="Failed">How many of those ended with an error or a timeout.</param>
/// <param name="Usage">The usage of all its turns.</param>
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
    Usage Usage
);
