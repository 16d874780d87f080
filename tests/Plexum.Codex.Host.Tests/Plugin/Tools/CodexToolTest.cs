using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// A daemon with FakeCodex, and MCP clients of the plugin: one in this process, and such as have the plugin as a process of their own.
/// </summary>
public abstract class CodexToolTest : DaemonTest
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<IAsyncDisposable> _clients = [];
    private PluginSession? _session;
    private PluginDaemon? _daemon;
    private Task _serving = Task.CompletedTask;

    private protected CodexToolTest()
        : base("thread", "turn", "say ${prompt}", "completed 1 1") { }

    /// <summary>A client of the tools in this process.</summary>
    /// <param name="settings">Settings of the plugin, as <c>--set</c> takes them.</param>
    private protected async Task<McpClient> ConnectAsync(params string[] settings)
    {
        var (toServer, fromServer) = (new Pipe(), new Pipe());
        _session = new PluginSession([], _ => new MemoryStream());
        _session.Initialise(Stage.Profile.Root, settings);
        _daemon = new PluginDaemon(_session, new DaemonProgram("/no/daemon/is/started", []), TimeProvider.System);
        _serving = CodexToolServer.RunAsync(toServer.Reader.AsStream(), fromServer.Writer.AsStream(), _daemon, _end.Token);
        return await KeepAsync(new StreamClientTransport(toServer.Writer.AsStream(), fromServer.Reader.AsStream()));
    }

    /// <summary>A client that has started the plugin.</summary>
    private protected Task<McpClient> StartAsync() =>
        KeepAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Name = "plugin",
                    Command = ProgramProcess.PlexumCodex,
                    Arguments = ["plugin"],
                    EnvironmentVariables = new Dictionary<string, string?> { ["PLEXUM_PROFILE_ROOT"] = Stage.Profile.Root },
                    ShutdownTimeout = TimeSpan.FromMilliseconds(1),
                }
            )
        );

    private protected static Task<CallToolResult> CallAsync(
        McpClient client,
        string tool,
        string arguments,
        string? meta = null,
        IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null
    )
    {
        var values = JsonNode.Parse(arguments)!.AsObject().ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        var options = meta is null ? null : new ModelContextProtocol.RequestOptions { Meta = JsonNode.Parse(meta)!.AsObject() };
        return client.CallToolAsync(tool, values, progress, options).WithinLimit();
    }

    /// <summary>Sends a call under a name by which it can be cancelled; one that is cancelled has no answer.</summary>
    private protected static void Begin(McpClient client, string id, string tool, string arguments) =>
        _ = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Id = new RequestId(id),
                Method = RequestMethods.ToolsCall,
                Params = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) },
            }
        );

    /// <summary>Cancels it. The client's own way by a token is not to be relied on: it may give up without telling the server.</summary>
    private protected static Task CancelAsync(McpClient client, string id) =>
        client
            .SendNotificationAsync(
                NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = new RequestId(id) }
            )
            .WithinLimit();

    private protected static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    /// <summary>What a call gave that went well.</summary>
    private protected static JsonElement Good(CallToolResult result)
    {
        Assert.False(result.IsError ?? false, TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>The sentence of a call that went wrong.</summary>
    private protected static string Bad(CallToolResult result)
    {
        Assert.True(result.IsError);
        return TextOf(result);
    }

    /// <summary>Waits until a turn is over.</summary>
    private protected async Task<JsonObject> EndOfAsync(string turn)
    {
        await Stage.Api.EventsAsync(turn);
        return await Stage.Api.EndedAsync(turn);
    }

    public override async Task InitializeAsync() => await Stage.StartHostAsync();

    private protected async Task LeaveAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _clients.Clear();
        await _end.CancelAsync();
        try
        {
            await _serving.WithinLimit();
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }

        _daemon?.Dispose();
        _session?.Dispose();
    }

    private async Task<McpClient> KeepAsync(IClientTransport transport)
    {
        var client = await McpClient.CreateAsync(transport).WithinLimit();
        _clients.Add(client);
        return client;
    }
}
