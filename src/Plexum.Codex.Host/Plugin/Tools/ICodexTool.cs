using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>A tool for any MCP client.</summary>
internal interface ICodexTool
{
    /// <summary>What a client is told of it.</summary>
    Tool Definition { get; }

    /// <summary>Carries a call out.</summary>
    /// <exception cref="CodexException">It cannot be; the message is a sentence for the client's model.</exception>
    Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken);
}
