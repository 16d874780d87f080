namespace Plexum.Codex.Approvals;

/// <summary>What is decided about a question of codex.</summary>
public enum ApprovalDecision
{
    /// <summary>
    /// Yes, this once. A command that the model wants to run outside the sandbox runs there then, also with a permissions profile; any
    /// other stays inside (measured on 0.169.0 and 0.171.0). The question does not say which it is.
    /// </summary>
    Accept,

    /// <summary>Yes, and codex need not ask the same again while the thread is loaded.</summary>
    AcceptForSession,

    /// <summary>No; the turn goes on without.</summary>
    Decline,

    /// <summary>No, and the turn ends as cancelled.</summary>
    Cancel,
}

/// <summary>The names of <see cref="ApprovalDecision"/> in JSON.</summary>
public static class ApprovalDecisions
{
    private static readonly (string Name, ApprovalDecision Value)[] Known =
    [
        ("accept", ApprovalDecision.Accept),
        ("accept_for_session", ApprovalDecision.AcceptForSession),
        ("decline", ApprovalDecision.Decline),
        ("cancel", ApprovalDecision.Cancel),
    ];

    /// <summary>All names, as part of a sentence.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(pair => pair.Name));

    /// <summary>The name.</summary>
    public static string ToWireName(this ApprovalDecision decision) => Known.First(pair => pair.Value == decision).Name;

    /// <summary>Whether codex may do it.</summary>
    public static bool Allows(this ApprovalDecision decision) => decision is ApprovalDecision.Accept or ApprovalDecision.AcceptForSession;

    /// <summary>The value with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out ApprovalDecision decision)
    {
        var index = Array.FindIndex(Known, pair => pair.Name == name);
        decision = index < 0 ? default : Known[index].Value;
        return index >= 0;
    }
}
