using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>What the ledger knows of a turn.</summary>
public sealed record TurnEntry
{
    /// <summary>Its place in the order of acceptance; never given twice.</summary>
    public required long Number { get; init; }

    /// <summary>The turn.</summary>
    public required TurnId TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required AgentId AgentId { get; init; }

    /// <summary>The workspace as it was asked for; null where the host named none.</summary>
    public string? Workspace { get; init; }

    /// <summary>The model as it was asked for, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Where it stands.</summary>
    public required TurnState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it was started, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stopped; null while it has not ended.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>What it used; zero while it has not ended.</summary>
    public Usage Usage { get; init; }

    /// <summary>The code of its error, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The class of its error, or null.</summary>
    public TurnErrorClass? ErrorClass { get; init; }

    /// <summary>The sentence of its error, or null.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Its thread, or null while that is not known.</summary>
    public ThreadId? ThreadId { get; init; }

    /// <summary>The host's own name of the request, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The node that accepted it; null where that was not noted.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether its directory was removed.</summary>
    public bool FilesRemoved { get; init; }

    /// <summary>How much room its directory takes, in bytes; null while that was not measured.</summary>
    public long? FilesBytes { get; init; }
}
