namespace Plexum.Codex.Options;

/// <summary>What a request may say about how codex works in this one turn. What is null is left to the settings and to codex.</summary>
public sealed record TurnOptions
{
    /// <summary>Nothing is said.</summary>
    public static TurnOptions None { get; } = new();

    /// <summary>What runs the turn; null for what the agent or the setting says.</summary>
    public BackendKind? Backend { get; init; }

    /// <summary>When codex asks before it acts; null for what the agent or the setting says.</summary>
    public ApprovalPolicy? Approvals { get; init; }

    /// <summary>The model's reasoning effort, in codex's words (<c>low</c>, <c>medium</c>, <c>high</c>, …).</summary>
    public string? Effort { get; init; }

    /// <summary>Instructions that stand beside codex's own, as from the developer. They hold for the thread.</summary>
    public string? DeveloperInstructions { get; init; }

    /// <summary>The JSON schema of the answer: an object, as JSON on one line.</summary>
    public string? OutputSchema { get; init; }
}
