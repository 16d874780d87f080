namespace Plexum.Codex.Backend;

/// <summary>What the model's commands may do, as set by <c>sandbox</c>.</summary>
public enum CodexSandbox
{
    /// <summary>Anything the user may do, without asking: <c>--dangerously-bypass-approvals-and-sandbox</c>.</summary>
    None,

    /// <summary>Write in the workspace only.</summary>
    WorkspaceWrite,

    /// <summary>Read only.</summary>
    ReadOnly,
}
