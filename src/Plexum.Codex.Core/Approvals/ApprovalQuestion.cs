namespace Plexum.Codex.Approvals;

/// <summary>A question of codex, for which its turn waits.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">What is asked.</param>
public sealed record ApprovalQuestion(ApprovalId Id, ApprovalKind Kind)
{
    /// <summary>Codex's id of the item that it is about, which the activity and the tool call have too; null if codex names none.</summary>
    public string? Item { get; init; }

    /// <summary>The command, as codex would run it; null if it is about none.</summary>
    public string? Command { get; init; }

    /// <summary>The directory in which it would be done; null if codex names none.</summary>
    public string? Cwd { get; init; }

    /// <summary>Why it is asked, or what, in the words of codex, the model or the MCP server; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What else belongs to the question, by its kind: a JSON object on one line. <c>changes</c> and <c>grant_root</c> of a file change,
    /// <c>permissions</c>, <c>questions</c> of the model, <c>server</c>, <c>schema</c> and <c>url</c> of an MCP server, <c>server</c>,
    /// <c>tool</c> and <c>arguments</c> of a tool, <c>network</c> of a command. Null for nothing.
    /// </summary>
    public string? Details { get; init; }

    /// <summary>
    /// Whether something of what is asked is missing here, because it is too long or codex did not say it. Such a question can only be
    /// declined: nobody is to allow what they cannot see.
    /// </summary>
    public bool IsCut { get; init; }
}
