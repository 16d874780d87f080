using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Tools;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// The plugin as an ordinary MCP server: turns of codex for any client. What a client cancels is cancelled in the daemon; what a client that
/// goes away has begun goes on, and can be read again.
/// </summary>
internal static class CodexToolServer
{
    private const string Instructions =
        "Runs OpenAI's codex for agents. An agent has a workspace, a directory that codex works in, and a thread that goes on from turn to turn. codex_turn gives an agent something to do and waits for its answer; turns of one agent run one after the other, those of different agents side by side. codex may run any command in the workspace.";

    /// <summary>Serves one client to the end of its input.</summary>
    /// <param name="input">What the client writes.</param>
    /// <param name="output">What the client reads.</param>
    /// <param name="daemon">The daemon that carries everything out; it is found, or started, when something is first asked of it.</param>
    /// <param name="cancellationToken">Ends the serving.</param>
    public static async Task RunAsync(Stream input, Stream output, PluginDaemon daemon, CancellationToken cancellationToken)
    {
        ICodexTool[] tools = [new TurnTool(daemon, cancellationToken), new CancelTool(daemon), new ConsumeTool(daemon), new AgentsTool(daemon)];
        await using var transport = new StreamServerTransport(input, output);
        await using var server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = PlexumMethods.PluginName, Version = DaemonContext.Version },
            ServerInstructions = Instructions,
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. tools.Select(tool => tool.Definition)] }),
                CallToolHandler = (request, token) => CallAsync(tools, request, token),
            },
            Filters = { Message = { IncomingFilters = { ToolCallShape.Check } } },
        });
        await server.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<CallToolResult> CallAsync(
        ICodexTool[] tools, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params?.Name;
        if (tools.FirstOrDefault(tool => tool.Definition.Name == name) is not { } found)
        {
            return ToolAnswer.Failed($"There is no tool {name}; there are {string.Join(", ", tools.Select(tool => tool.Definition.Name))}.");
        }

        try
        {
            var arguments = new ToolInput(found.Definition.Name, request.Params!.Arguments, request.Params.Meta);
            return await found.CallAsync(arguments, ToolProgress.Of(request), cancellationToken).ConfigureAwait(false);
        }
        catch (CodexException e)
        {
            return ToolAnswer.Failed(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Error(e, "plugin: the tool {Tool} failed", name);
            return ToolAnswer.Failed($"{name} failed: {e.Message}");
        }
    }
}
