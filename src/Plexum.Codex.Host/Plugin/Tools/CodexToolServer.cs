using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>The plugin as an ordinary MCP server.</summary>
internal static class CodexToolServer
{
    /// <summary>Serves one client to the end of its input.</summary>
    /// <param name="input">What the client writes.</param>
    /// <param name="output">What the client reads.</param>
    /// <param name="daemon">The daemon that carries everything out; it is found, or started, when something is first asked of it.</param>
    /// <param name="cancellationToken">Ends the serving.</param>
    public static async Task RunAsync(Stream input, Stream output, PluginDaemon daemon, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        await using var transport = new StreamServerTransport(input, output);
        await using var server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = PlexumMethods.PluginName, Version = DaemonContext.Version },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers { ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [] }) },
        });
        await server.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
