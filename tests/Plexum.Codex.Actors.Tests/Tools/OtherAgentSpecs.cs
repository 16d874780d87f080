using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;
using ModelContextProtocol.Client;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>Two agents with tools at the same time, and whatever comes over their sockets.</summary>
public sealed class OtherAgentSpecs : BridgeTestKit
{
    private static readonly ToolDefinition BobsOwn = new("bobs-own", "Of bob's.", null);

    // What a codex says in a turn, with calls of both agents' tools.
    private static readonly string[] Session =
    [
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
            + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"codex","version":"1"}}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""",
        """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":"""
            + """{"name":"get","arguments":{"key":"k"},"_meta":{"callId":"call_1","progressToken":1}}}""",
        """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"bobs-own","arguments":{}}}""",
        """{"jsonrpc":"2.0","id":"4","method":"ping"}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2,"reason":"x"}}""",
    ];

    private readonly ToolToken _bobs = ToolToken.New();

    private string BobsSocket => ToolSocket.PathFor(ProfileRoot, Bob, null);

    [Fact]
    public async Task Only_the_socket_the_name_and_the_token_of_one_agent_are_let_in()
    {
        OpenBoth();
        foreach (var socket in new[] { SocketPath, BobsSocket })
        {
            foreach (var name in new[] { "alice", "bob", "Alice", "carol" })
            {
                foreach (var token in new[] { Token.Text!, _bobs.Text! })
                {
                    var mayEnter =
                        (socket, name, token) == (SocketPath, "alice", Token.Text)
                        || (socket, name, token) == (BobsSocket, "bob", _bobs.Text);

                    var heard = await HearAsync(socket, Encoding.UTF8.GetBytes($"plexum-mcp 1 {name} {token}\n"));

                    Assert.Equal(mayEnter, heard.Contains("\"last\"", StringComparison.Ordinal));
                    Assert.Equal(mayEnter, heard.Length > 0);
                }
            }
        }
    }

    [Fact]
    public async Task Frames_that_were_changed_on_their_way_never_bring_another_agent_s_tools_or_calls()
    {
        var (alices, bobs) = OpenBoth();
        var sessions = Gen.Sample(Changed().ListOf(Session.Length), 30, 60).ToList();

        foreach (var frames in sessions)
        {
            byte[] sent =
            [
                .. Encoding.UTF8.GetBytes($"plexum-mcp 1 alice {Token.Text}\n"),
                .. frames.SelectMany(frame => (byte[])[.. frame, (byte)'\n']),
            ];

            var heard = await HearAsync(SocketPath, sent);

            Assert.DoesNotContain("Of bob's.", heard, StringComparison.Ordinal);
            Assert.DoesNotContain("secret of bob", heard, StringComparison.Ordinal);
            Assert.DoesNotContain(_bobs.Text!, heard, StringComparison.Ordinal);
        }

        Assert.NotEmpty(alices.Calls);
        Assert.All(alices.Calls, call => Assert.Equal((Alice, "get"), (call.AgentId, call.Name)));
        Assert.Empty(bobs.Calls);
        await using var client = await ConnectAsync();
        Assert.Equal(["get"], (await client.ListToolsAsync().AsTask().WithinLimit()).Select(tool => tool.Name));
        Assert.Equal("secret of alice", await CallAsync(client, "get", false, ("key", "k")));
    }

    private (Answering Alice, Answering Bob) OpenBoth()
    {
        var (alice, bob) = (new Answering("secret of alice"), new Answering("secret of bob"));
        OpenFor(Bridge, alice, Token, Get);
        OpenFor(Sys.ActorOf(ToolBridgeActor.Props(Services.ForTools, Bob)), bob, _bobs, BobsOwn);
        return (alice, bob);
    }

    private void OpenFor(IActorRef bridge, Answering host, ToolToken token, ToolDefinition tool)
    {
        var agent = CreateTestProbe();
        bridge.Tell(
            new ToolBridgeProtocol.OpenTurn(Turn, [tool], Sys.ActorOf(Props.Create(() => new AnsweringActor(host))), token, OwnRun),
            agent.Ref
        );
        Assert.Null(agent.ExpectMsg<ToolBridgeProtocol.TurnOpened>().Failure);
    }

    // A frame of the session: as it is, or with bytes changed, lost, doubled or put in, or the beginning of one and the end of another.
    private static Gen<byte[]> Changed()
    {
        var whole = Gen.Elements(Session).Select(Encoding.UTF8.GetBytes);
        var place = Gen.Choose(0, 1000);
        return Gen.OneOf(
            whole,
            from frame in whole
            from at in place
            from value in Gen.Choose(0, 255)
            select Replace(frame, at, 1, [(byte)value]),
            from frame in whole
            from at in place
            from length in Gen.Choose(1, 12)
            select Replace(frame, at, length, []),
            from frame in whole
            from at in place
            from length in Gen.Choose(1, 30)
            select Double(frame, at, length),
            from frame in whole
            from at in place
            from bytes in ArbMap.Default.GeneratorFor<byte[]>()
            select Replace(frame, at, 0, bytes),
            from frame in whole
            from other in whole
            from at in place
            select (byte[])[.. frame[..(at % frame.Length)], .. other[(at % other.Length)..]]
        );
    }

    private static byte[] Replace(byte[] frame, int at, int length, byte[] by)
    {
        var start = at % frame.Length;
        return [.. frame[..start], .. by, .. frame[Math.Min(start + length, frame.Length)..]];
    }

    private static byte[] Double(byte[] frame, int at, int length)
    {
        var start = at % frame.Length;
        return [.. frame[..Math.Min(start + length, frame.Length)], .. frame[start..]];
    }

    // What is answered up to the ping behind it all, or to the end of the connection.
    private static async Task<string> HearAsync(string path, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WithinLimit();
        var heard = new StringBuilder();
        try
        {
            await socket.SendAsync((byte[])[.. bytes, .. "{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"ping\"}\n"u8]).WithinLimit();
            var buffer = new byte[4096];
            while (
                !heard.ToString().Contains("\"last\"", StringComparison.Ordinal)
                && await socket.ReceiveAsync(buffer).WithinLimit() is > 0 and var count
            )
            {
                heard.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Closed while something was unread.
        }

        return heard.ToString();
    }

    private sealed record Answering(string Secret)
    {
        // Calls of a connection that was closed may still come while those before are looked at.
        public ConcurrentQueue<ToolBridgeProtocol.CallTool> Calls { get; } = [];
    }

    private sealed class AnsweringActor : ReceiveActor
    {
        public AnsweringActor(Answering host) =>
            Receive<ToolBridgeProtocol.CallTool>(call =>
            {
                host.Calls.Enqueue(call);
                Sender.Tell(new ToolBridgeProtocol.ToolAnswered(call.TurnId, call.CallId, [new ToolContent.Text(host.Secret)]));
            });
    }
}
