using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Approvals;

namespace Plexum.Codex.Client.Documents;

/// <summary>A question of codex that waits for its answer.</summary>
/// <param name="TurnId">The turn that waits.</param>
/// <param name="AgentId">Its agent.</param>
/// <param name="Id">The question.</param>
/// <param name="Kind">What is asked: <c>command</c>, <c>file_change</c> and so on.</param>
/// <param name="AskedAt">When it was asked.</param>
/// <param name="ExpiresAt">When it is declined if nobody has answered.</param>
public sealed record ApprovalDocument(
    string TurnId,
    string AgentId,
    string Id,
    string Kind,
    DateTimeOffset AskedAt,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>Codex's id of the item that it is about; null if it names none.</summary>
    public string? Item { get; init; }

    /// <summary>The command; null if it is about none.</summary>
    public string? Command { get; init; }

    /// <summary>The directory in which it would be done; null if codex names none.</summary>
    public string? Cwd { get; init; }

    /// <summary>Why it is asked, or what; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>What else belongs to the question, an object; null for nothing.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>True if something of what is asked is missing here, so that it can only be declined; null if nothing is.</summary>
    public bool? Cut { get; init; }

    /// <summary>Describes a question.</summary>
    public static ApprovalDocument Of(PendingApproval pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        var question = pending.Question;
        return new ApprovalDocument(
            pending.TurnId.Value,
            pending.AgentId.Value,
            question.Id.Value,
            question.Kind.ToWireName(),
            pending.AskedAt,
            pending.ExpiresAt
        )
        {
            Item = question.Item,
            Command = question.Command,
            Cwd = question.Cwd,
            Reason = question.Reason,
            Details = question.Details is { } details ? Parse(details) : null,
            Cut = question.IsCut ? true : null,
        };
    }

    /// <summary>The question itself; null if this version does not know its kind.</summary>
    public ApprovalQuestion? ToQuestion() =>
        ApprovalId.TryParse(Id, out var id) && ApprovalKinds.TryParse(Kind, out var kind)
            ? new ApprovalQuestion(id, kind)
            {
                Item = Item,
                Command = Command,
                Cwd = Cwd,
                Reason = Reason,
                Details = Details?.GetRawText(),
                IsCut = Cut == true,
            }
            : null;

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

/// <summary>The questions that wait for an answer, oldest first.</summary>
/// <param name="Approvals">The questions.</param>
public sealed record ApprovalsDocument(ImmutableArray<ApprovalDocument> Approvals);

/// <summary>The response to an answer.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Id">The question.</param>
/// <param name="Decision">What is decided.</param>
/// <param name="By">Who has decided.</param>
public sealed record ApprovalAnsweredDocument(string TurnId, string Id, string Decision, string By);
