using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.TestKit;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>A bridge of alice's, with this test as its agent, and MCP clients that come over the real socket.</summary>
public abstract class BridgeTestKit : AgentTestKit
{
    private IActorRef? _bridge;
    private TestProbe? _handler;

    internal IActorRef Bridge => _bridge ??= Sys.ActorOf(ToolBridgeActor.Props(Services.ForTools, Alice));

    /// <summary>The host of the turns.</summary>
    protected TestProbe Handler => _handler ??= CreateTestProbe();

    internal ToolToken Token { get; } = ToolToken.New();

    /// <summary>The run of the turns: its codex is this test's process, or another one.</summary>
    internal RunOfProcess OwnRun { get; set; } = new(ProcessProbe.Identify(Environment.ProcessId));

    internal TurnId Turn { get; set; } = TurnId.Parse("turn-1");

    protected string SocketPath => ToolSocket.PathFor(ProfileRoot, Alice, null);

    protected static ToolDefinition Get { get; } = new("get", "Gets.", """{"type":"object","required":["key"]}""");

    protected static ToolDefinition List { get; } = new("list", null, null);

    internal ToolServer Open(params ToolDefinition[] tools) => Open(Token, tools);

    internal ToolServer Open(ToolToken token, params ToolDefinition[] tools)
    {
        var agent = CreateTestProbe();
        Bridge.Tell(new ToolBridgeProtocol.OpenTurn(Turn, [.. tools], Handler.Ref, token, OwnRun), agent.Ref);
        var opened = agent.ExpectMsg<ToolBridgeProtocol.TurnOpened>();
        Assert.Null(opened.Failure);
        return opened.Server!;
    }

    /// <summary>Connects and says these bytes.</summary>
    protected async Task<Socket> SayAsync(byte[] bytes)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath)).WithinLimit();
        await socket.SendAsync(bytes).WithinLimit();
        return socket;
    }

    protected Task<Socket> HelloAsync(string? agent = null, string? token = null) =>
        SayAsync(Encoding.UTF8.GetBytes($"plexum-mcp 1 {agent ?? "alice"} {token ?? Token.Text}\n"));

    protected async Task<McpClient> ConnectAsync(McpClientOptions? options = null)
    {
        var stream = new NetworkStream(await HelloAsync(), ownsSocket: true);
        return await McpClient.CreateAsync(new StreamClientTransport(stream, stream), options).WithinLimit();
    }

    protected static async Task<string> CallAsync(
        McpClient client,
        string tool,
        bool isError,
        params (string Name, object? Value)[] arguments
    )
    {
        var result = await client.CallToolAsync(tool, arguments.ToDictionary(pair => pair.Name, pair => pair.Value)).AsTask().WithinLimit();
        Assert.Equal(isError, result.IsError ?? false);
        return string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
    }

    protected ToolBridgeProtocol.CallTool ExpectCall() => Handler.ExpectMsg<ToolBridgeProtocol.CallTool>();

    protected void Answer(ToolBridgeProtocol.CallTool call, string text, bool isError = false) =>
        Bridge.Tell(new ToolBridgeProtocol.ToolAnswered(call.TurnId, call.CallId, [new ToolContent.Text(text)], isError), Handler.Ref);

    /// <summary>Reads to the end, which must come.</summary>
    protected static async Task<string> RestAsync(Socket socket)
    {
        var all = new MemoryStream();
        var bytes = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(bytes).WithinLimit() is > 0 and var count)
            {
                all.Write(bytes, 0, count);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed while something was unread.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>A run that has a process already and starts nothing.</summary>
    internal sealed record RunOfProcess(ProcessIdentity Codex) : IBackendRun
    {
        public bool KeepsToolConnections { get; init; }

        public Props PropsOf(IActorRef rollout) => Props.Empty;

        public Task KillAsync() => Task.CompletedTask;

        public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) =>
            Task.FromResult(ProcessAncestry.Of(peer).Contains(Codex));

        public string? NoteSettled() => null;
    }
}
