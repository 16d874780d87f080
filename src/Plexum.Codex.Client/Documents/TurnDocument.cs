using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client.Documents;

/// <summary>A turn. Values that are not known yet are omitted.</summary>
public sealed record TurnDocument
{
    /// <summary>Its number, in the order in which turns were accepted.</summary>
    public required long Number { get; init; }

    /// <summary>The turn.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>Its state.</summary>
    public required TurnState State { get; init; }

    /// <summary>The requested workspace; null if none was.</summary>
    public string? Workspace { get; init; }

    /// <summary>The requested model; null if none was.</summary>
    public string? Model { get; init; }

    /// <summary>The first line of its prompt, cut if it is long; null if unknown, or removed with the turn's files.</summary>
    public string? Prompt { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it started; null while it is queued.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null until then.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stopped; null until it has ended.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>Its usage; null until it has ended.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public TurnErrorDocument? Error { get; init; }

    /// <summary>Its thread; null if not known yet.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The host's own name for the request, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether its events can still be read.</summary>
    public required bool EventsKept { get; init; }

    /// <summary>The document of a turn.</summary>
    public static TurnDocument Of(TurnEntry turn) =>
        new()
        {
            Number = turn.Number,
            TurnId = turn.TurnId.Value,
            AgentId = turn.AgentId.Value,
            State = turn.State,
            Workspace = turn.Workspace,
            Model = turn.Model,
            Prompt = turn.Prompt,
            AcceptedAt = turn.AcceptedAt,
            StartedAt = turn.StartedAt,
            EndedAt = turn.EndedAt,
            StopReason = turn.StopReason,
            Usage = turn.State == TurnState.Ended ? turn.Usage : null,
            Error = turn.ErrorCode is { } code
                ? new TurnErrorDocument(code, turn.ErrorClass ?? TurnErrorClass.Internal, turn.ErrorMessage ?? "")
                : null,
            ThreadId = turn.ThreadId?.ToString(),
            IdempotencyKey = turn.IdempotencyKey,
            EventsKept = !turn.FilesRemoved,
        };
}

/// <summary>Why a turn failed.</summary>
/// <param name="Code">A code for programs.</param>
/// <param name="Class">The kind of error.</param>
/// <param name="Message">What happened and what to do.</param>
public sealed record TurnErrorDocument(string Code, TurnErrorClass Class, string Message);

/// <summary>A page of turns, newest first.</summary>
/// <param name="Turns">The turns.</param>
/// <param name="Next">The value of <c>before</c> for the next page; null on the last one.</param>
public sealed record TurnsDocument(ImmutableArray<TurnDocument> Turns, long? Next = null);
