namespace Plexum.Codex.Backend;

/// <summary>What the commands of the model may do, as the setting <c>sandbox</c> says.</summary>
public enum CodexSandbox
{
    /// <summary>Everything that the user may, without asking: <c>--dangerously-bypass-approvals-and-sandbox</c>.</summary>
    None,

    /// <summary>Write in the workspace only.</summary>
    WorkspaceWrite,

    /// <summary>Read only.</summary>
    ReadOnly,
}
