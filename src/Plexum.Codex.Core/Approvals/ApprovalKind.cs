namespace Plexum.Codex.Approvals;

/// <summary>What codex asks.</summary>
public enum ApprovalKind
{
    /// <summary>Whether it may run a command.</summary>
    Command,

    /// <summary>Whether it may change files.</summary>
    FileChange,

    /// <summary>Whether its commands may do more than the sandbox allows.</summary>
    Permissions,

    /// <summary>The model asks the user something.</summary>
    UserInput,

    /// <summary>An MCP server asks the user something.</summary>
    Elicitation,

    /// <summary>Whether it may call a tool of an MCP server.</summary>
    Tool,
}

/// <summary>The names of <see cref="ApprovalKind"/> in JSON.</summary>
public static class ApprovalKinds
{
    private static readonly (string Name, ApprovalKind Value)[] All =
    [
        ("command", ApprovalKind.Command),
        ("file_change", ApprovalKind.FileChange),
        ("permissions", ApprovalKind.Permissions),
        ("user_input", ApprovalKind.UserInput),
        ("elicitation", ApprovalKind.Elicitation),
        ("tool", ApprovalKind.Tool),
    ];

    /// <summary>The name.</summary>
    public static string ToWireName(this ApprovalKind kind) => All.First(pair => pair.Value == kind).Name;

    /// <summary>The value with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out ApprovalKind kind)
    {
        var index = Array.FindIndex(All, pair => pair.Name == name);
        kind = index < 0 ? default : All[index].Value;
        return index >= 0;
    }
}
