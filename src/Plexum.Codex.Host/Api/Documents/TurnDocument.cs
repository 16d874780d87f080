using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>A turn. What is not known yet is left out.</summary>
internal sealed record TurnDocument
{
    /// <summary>Its place in the order in which turns were accepted.</summary>
    public required long Number { get; init; }

    public required string TurnId { get; init; }

    public required string AgentId { get; init; }

    public required TurnState State { get; init; }

    public string? Workspace { get; init; }

    public string? Model { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public StopReason? StopReason { get; init; }

    /// <summary>What it used; only of a turn that is over.</summary>
    public Usage? Usage { get; init; }

    public TurnErrorDocument? Error { get; init; }

    public string? ThreadId { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Whether its events can still be read.</summary>
    public required bool EventsKept { get; init; }

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
internal sealed record TurnErrorDocument(string Code, TurnErrorClass Class, string Message);

/// <summary>A page of turns, the newest first.</summary>
/// <param name="Turns">The turns.</param>
/// <param name="Next">The value of <c>before</c> for the next page; null on the last one.</param>
internal sealed record TurnsDocument(ImmutableArray<TurnDocument> Turns, long? Next = null);
