using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>The start or the end of a turn, or that its log has something before the start.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="AgentId">Its agent.</param>
public abstract record TurnNotice(TurnId TurnId, AgentId AgentId)
{
    /// <summary>The turn still waits, and its log says for what.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    public sealed record Waiting(TurnId TurnId, AgentId AgentId) : TurnNotice(TurnId, AgentId);

    /// <summary>The turn has started and has a log.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    public sealed record Started(TurnId TurnId, AgentId AgentId) : TurnNotice(TurnId, AgentId);

    /// <summary>The turn has ended; all its events are in its log.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="StopReason">How it ended.</param>
    /// <param name="Unrecorded">A failure that could not be written to the log, for example on a full disk; null if none.</param>
    public sealed record Ended(TurnId TurnId, AgentId AgentId, StopReason StopReason, TurnFailure? Unrecorded)
        : TurnNotice(TurnId, AgentId);
}
