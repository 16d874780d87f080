namespace Plexum.Codex.Exec.Running;

/// <summary>How codex learns of the host's tools.</summary>
public enum ToolRegistrationMode
{
    /// <summary>By arguments of each turn; no file of the user's is edited.</summary>
    Override,

    /// <summary>By <c>codex mcp add</c>, once per agent, in the user's <c>config.toml</c>, like the Go plugin.</summary>
    CodexMcpAdd,
}
