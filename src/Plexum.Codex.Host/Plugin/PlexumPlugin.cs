using Plexum.Codex.Host.Plugin.Rpc;

namespace Plexum.Codex.Host.Plugin;

/// <summary>Takes what a host sends: Plexum's own methods here, everything else goes on to MCP.</summary>
internal sealed class PlexumPlugin(McpSide mcp) : IRpcReceiver
{
    public bool Knows(string method) => false;

    public Task<RpcReply> AnswerAsync(RpcMessage.Request request, CancellationToken cancellationToken) =>
        throw new RpcException(RpcException.MethodNotFound, $"There is no method {request.Method}.");

    public Task PassOnAsync(RpcMessage message, CancellationToken cancellationToken) => mcp.TakeAsync(message, cancellationToken);
}
