using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>A turn. What is not known yet is left out.</summary>
public sealed record TurnDocument
{
    /// <summary>Its place in the order in which turns were accepted.</summary>
    public required long Number { get; init; }

    /// <summary>The turn.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>Its state.</summary>
    public required TurnState State { get; init; }

    /// <summary>The workspace as it was asked for; null where none was named.</summary>
    public string? Workspace { get; init; }

    /// <summary>The model as it was asked for; null where none was named.</summary>
    public string? Model { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it was started; null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stopped; null while it has not ended.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>What it used; only of a turn that is over.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public TurnErrorDocument? Error { get; init; }

    /// <summary>Its thread; null while that is not known.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The name that the host gave the request, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether its events can still be read.</summary>
    public required bool EventsKept { get; init; }

    /// <summary>The document of a turn.</summary>
    public static TurnDocument Of(TurnEntry turn) => new()
    {
        Number = turn.Number,
        TurnId = turn.TurnId.Value,
        AgentId = turn.AgentId.Value,
        State = turn.State,
        Workspace = turn.Workspace,
        Model = turn.Model,
        AcceptedAt = turn.AcceptedAt,
        StartedAt = turn.StartedAt,
        EndedAt = turn.EndedAt,
        StopReason = turn.StopReason,
        Usage = turn.State == TurnState.Ended ? turn.Usage : null,
        Error = turn.ErrorCode is { } code ? new TurnErrorDocument(code, turn.ErrorClass ?? TurnErrorClass.Host, turn.ErrorMessage ?? "") : null,
        ThreadId = turn.ThreadId?.ToString(),
        IdempotencyKey = turn.IdempotencyKey,
        EventsKept = !turn.FilesRemoved,
    };
}

/// <summary>Why a turn failed.</summary>
/// <param name="Code">A word for programs.</param>
/// <param name="Class">Where and whose doing.</param>
/// <param name="Message">A sentence.</param>
public sealed record TurnErrorDocument(string Code, TurnErrorClass Class, string Message);

/// <summary>A page of turns, the newest first.</summary>
/// <param name="Turns">The turns.</param>
/// <param name="Next">The value of <c>before</c> for the next page; null on the last one.</param>
public sealed record TurnsDocument(ImmutableArray<TurnDocument> Turns, long? Next = null);
