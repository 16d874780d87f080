using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>What the ledger knows about a turn.</summary>
public sealed record TurnEntry
{
    /// <summary>Its place in the order of acceptance; never reused.</summary>
    public required long Number { get; init; }

    /// <summary>The turn.</summary>
    public required TurnId TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required AgentId AgentId { get; init; }

    /// <summary>The requested workspace; null if the host named none.</summary>
    public string? Workspace { get; init; }

    /// <summary>The requested model, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The first line of its prompt, kept as long as its files; null if unknown.</summary>
    public string? Prompt { get; init; }

    /// <summary>Its state.</summary>
    public required TurnState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it was started, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stopped; null if it has not ended.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>Its token usage; zero if it has not ended.</summary>
    public Usage Usage { get; init; }

    /// <summary>The code of its error, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The class of its error, or null.</summary>
    public TurnErrorClass? ErrorClass { get; init; }

    /// <summary>The message of its error, or null.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Its thread, or null if unknown.</summary>
    public ThreadId? ThreadId { get; init; }

    /// <summary>The host's idempotency key for the request, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The node that accepted it; null if that was not recorded.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether its directory has been deleted.</summary>
    public bool FilesRemoved { get; init; }

    /// <summary>The size of its directory in bytes; null if not measured yet.</summary>
    public long? FilesBytes { get; init; }

    /// <summary>The same turn once it has ended.</summary>
    public TurnEntry EndedWith(TurnOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return this with
        {
            State = TurnState.Ended,
            EndedAt = outcome.At,
            StopReason = outcome.StopReason,
            Usage = outcome.Usage,
            ErrorCode = outcome.ErrorCode,
            ErrorClass = outcome.ErrorClass,
            ErrorMessage = outcome.ErrorMessage,
            ThreadId = outcome.ThreadId,
        };
    }
}
