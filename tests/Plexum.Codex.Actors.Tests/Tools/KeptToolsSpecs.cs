using System.Net.Sockets;
using Akka.Actor;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Backend;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>The relay of a loaded thread stays connected from turn to turn, and serves nobody but the turn that runs.</summary>
public sealed class KeptToolsSpecs : BridgeTestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");

    public KeptToolsSpecs() => OwnRun = OwnRun with { KeepsToolConnections = true };

    [Fact]
    public async Task The_next_turn_of_the_thread_has_the_same_token_and_gets_the_calls_of_the_same_connection()
    {
        var first = OpenIn(Thread, "turn-1", Get);
        await using var client = await ConnectAsync();
        Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));

        Assert.Equal("The tool get was not called: the turn is over.", await CallAsync(client, "get", true, ("key", "k")));
        Handler.ExpectNoMsg(TimeSpan.Zero);

        var second = OpenIn(Thread, "turn-2", Get);
        Assert.Equal(first.Token, second.Token);
        var text = CallAsync(client, "get", false, ("key", "k"));
        var call = ExpectCall();
        Assert.Equal(TurnId.Parse("turn-2"), call.TurnId);
        Answer(call, "a value");
        Assert.Equal("a value", await text);
    }

    [Fact]
    public async Task A_call_of_a_turn_that_is_over_is_given_up_and_not_the_next_one_s()
    {
        OpenIn(Thread, "turn-1", Get);
        await using var client = await ConnectAsync();
        var text = CallAsync(client, "get", true, ("key", "k"));
        var call = ExpectCall();

        Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));
        OpenIn(Thread, "turn-2", Get);
        Answer(call, "late");

        Assert.Equal("The turn is over.", await text);
        Assert.Equal(call.CallId, Handler.ExpectMsg<ToolBridgeProtocol.CallGivenUp>().CallId);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("thread")]
    [InlineData("codex")]
    [InlineData("changed")]
    public async Task With_anything_else_the_connection_is_closed_and_the_old_token_opens_nothing(string what)
    {
        var first = OpenIn(Thread, "turn-1", Get);
        await using var client = await ConnectAsync();
        if (what == "changed")
        {
            Bridge.Tell(new ToolBridgeProtocol.ChangeTools(Turn, [List]));
        }

        Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));
        OwnRun = OwnRun with { KeepsToolConnections = what != "codex" };
        var second = OpenIn(
            what == "thread" ? ThreadId.Parse("019a0000-0000-7000-8000-00000000abce") : Thread,
            "turn-2",
            what == "tools" ? List : Get
        );

        Assert.NotEqual(first.Token, second.Token);
        await Assert.ThrowsAnyAsync<Exception>(() => client.PingAsync().AsTask().WithinLimit());
        using var intruder = await HelloAsync(token: first.Token);
        Assert.Equal("", await RestAsync(intruder));
    }

    [Fact]
    public async Task Between_turns_nobody_gets_in_and_without_a_relay_nothing_is_kept()
    {
        var first = OpenIn(Thread, "turn-1", Get);
        using (var relay = await HelloAsync())
        {
            var stream = new NetworkStream(relay);
            await using var client = await McpClient.CreateAsync(new StreamClientTransport(stream, stream)).WithinLimit();
            Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));
            using var intruder = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await intruder.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath)).WithinLimit();
            Assert.Equal("", await RestAsync(intruder));
        }

        await Limits.UntilAsync(() =>
        {
            var token = OpenIn(Thread, "turn-2", Get).Token;
            Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));
            return token != first.Token;
        });
        await Limits.UntilAsync(() => !File.Exists(SocketPath));
    }

    private ToolServer OpenIn(ThreadId thread, string turn, ToolDefinition tool)
    {
        Turn = TurnId.Parse(turn);
        var agent = CreateTestProbe();
        var token = turn == "turn-1" ? Token : ToolToken.New();
        Bridge.Tell(new ToolBridgeProtocol.OpenTurn(Turn, [tool], Handler.Ref, token, OwnRun) { Thread = thread }, agent.Ref);
        var opened = agent.ExpectMsg<ToolBridgeProtocol.TurnOpened>();
        Assert.Equal((null, token), (opened.Failure, opened.Token));
        return opened.Server!;
    }
}
