namespace Plexum.Codex.Approvals;

/// <summary>The answer to a question of codex.</summary>
/// <param name="Decision">What is decided.</param>
/// <param name="Content">
/// What is answered, as a JSON object: of questions of the model, for each its id with a text or a list of texts; of an MCP server's, the
/// fields of its form. Null for nothing.
/// </param>
public sealed record ApprovalAnswer(ApprovalDecision Decision, string? Content = null)
{
    /// <summary>The answer where nobody answers.</summary>
    public static ApprovalAnswer Declined { get; } = new(ApprovalDecision.Decline);

    /// <summary>Without the content, which may be secret.</summary>
    public override string ToString() => Decision.ToWireName();
}
