using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Tools;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// The plugin as a standard MCP server: runs codex turns for any client. Cancelling a call cancels its turn in the daemon. The turns of a
/// client that disconnects continue, and can be read again later.
/// </summary>
internal static class CodexToolServer
{
    private const string Instructions =
        "Runs OpenAI's codex for agents. An agent has a workspace, which is the directory that codex works in, and a thread that continues "
        + "from turn to turn. codex_turn gives an agent a prompt and waits for its answer; turns of one agent run one after another, turns "
        + "of different agents in parallel. codex may run any command in the workspace.";

    /// <summary>Serves one client until the end of its input.</summary>
    /// <param name="input">The stream that the client writes.</param>
    /// <param name="output">The stream that the client reads.</param>
    /// <param name="daemon">The daemon that runs the turns; found or started on first use.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    public static async Task RunAsync(Stream input, Stream output, PluginDaemon daemon, CancellationToken cancellationToken)
    {
        ICodexTool[] tools =
        [
            new TurnTool(daemon, cancellationToken),
            new CancelTool(daemon),
            new ApproveTool(daemon),
            new SteerTool(daemon),
            new ConsumeTool(daemon),
            new AgentsTool(daemon),
        ];
        await using var transport = new StreamServerTransport(input, output);
        await using var server = McpServer.Create(
            transport,
            new McpServerOptions
            {
                ServerInfo = new Implementation { Name = PlexumMethods.PluginName, Version = OwnVersion.Full },
                ServerInstructions = Instructions,
                Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
                Handlers = new McpServerHandlers
                {
                    ListToolsHandler = (_, _) =>
                        ValueTask.FromResult(new ListToolsResult { Tools = [.. tools.Select(tool => tool.Definition)] }),
                    CallToolHandler = (request, token) => CallAsync(tools, request, token),
                },
                Filters = { Message = { IncomingFilters = { ToolCallShape.Check } } },
            }
        );
        await server.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<CallToolResult> CallAsync(
        ICodexTool[] tools,
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        var name = request.Params?.Name;
        if (tools.FirstOrDefault(tool => tool.Definition.Name == name) is not { } found)
        {
            return ToolAnswer.Failed(
                $"There is no tool {name}; the tools are {string.Join(", ", tools.Select(tool => tool.Definition.Name))}."
            );
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
