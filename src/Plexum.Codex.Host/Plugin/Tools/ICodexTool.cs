using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>A tool for any MCP client.</summary>
internal interface ICodexTool
{
    /// <summary>The definition that clients get.</summary>
    Tool Definition { get; }

    /// <summary>Handles a call.</summary>
    /// <exception cref="CodexException">The call failed; the message is meant for the client's model.</exception>
    Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken);
}
