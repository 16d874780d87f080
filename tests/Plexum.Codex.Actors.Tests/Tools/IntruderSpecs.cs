using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>What comes over the socket and is not codex, or not as it should be.</summary>
public sealed class IntruderSpecs : BridgeTestKit
{
    private static readonly string[] Methods =
    [
        "initialize",
        "tools/list",
        "tools/call",
        "ping",
        "notifications/initialized",
        "resources/list",
        "nothing",
        "",
    ];

    [Theory]
    [InlineData("plexum-mcp 1 alice\n")]
    [InlineData("plexum-mcp 1 alice \n")]
    [InlineData("plexum-mcp 1 alice 0000000000000000000000000000000000000000000000000000000000000000\n")]
    [InlineData("plexum-mcp 2 alice TOKEN\n")]
    [InlineData("plexum-mcp 1 bob TOKEN\n")]
    [InlineData("plexum-mcp 1 alice TOKENx\n")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n")]
    [InlineData("\n")]
    public async Task Without_the_turn_s_token_nothing_is_reported(string hello)
    {
        Open(Get);
        const string Request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n";

        using var socket = await SayAsync(Encoding.UTF8.GetBytes(hello.Replace("TOKEN", Token.Text, StringComparison.Ordinal) + Request));

        Assert.Equal("", await RestAsync(socket));
        await StillServes();
    }

    [Fact]
    public async Task S15_A_process_that_codex_did_not_start_gets_nothing_for_the_token()
    {
        using var codex = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;
        OwnRun = new RunOfProcess(ProcessProbe.Identify(codex.Id));
        Open(Get);

        const string Request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n";
        using var socket = await SayAsync(Encoding.UTF8.GetBytes($"plexum-mcp 1 alice {Token.Text}\n{Request}"));

        Assert.Equal("", await RestAsync(socket));
        codex.Kill();
    }

    [Fact]
    public async Task Hellos_of_any_bytes_are_closed_without_a_word()
    {
        Open(Get);
        var hellos = Gen.Sample(ArbMap.Default.GeneratorFor<byte[]>(), 60, 40);

        foreach (var hello in hellos)
        {
            using var socket = await SayAsync([.. hello, (byte)'\n']);
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.Equal("", await RestAsync(socket));
        }

        await StillServes();
    }

    [Fact]
    public async Task Frames_of_any_kind_are_answered_with_errors_or_the_end_of_the_connection_and_reach_no_host()
    {
        Open(Get);
        var frame = Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get),
            from method in Gen.Elements(Methods)
            from id in Gen.Elements("1", "\"x\"", "null", "{}", "1e99", "-1", "[1]")
            from parameters in Gen.Elements(
                "{}",
                "[]",
                "null",
                "1",
                "{\"name\":1}",
                "{\"name\":\"get\"}",
                "{\"name\":\"get\",\"arguments\":[1]}",
                "{\"name\":\"put\",\"arguments\":{}}",
                "{\"name\":\"get\",\"arguments\":{},\"_meta\":{\"callId\":{}}}",
                "{\"name\":null,\"arguments\":\"x\"}",
                "{\"protocolVersion\":7}",
                "{\"cursor\":\"\\ud800\"}"
            )
            from cut in Gen.Choose(0, 4)
            let whole = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{parameters}}}"
            select cut == 0 ? whole[..(whole.Length / 2)] : whole
        );

        foreach (var frames in Gen.Sample(frame.ListOf(8), 40, 40))
        {
            using var socket = await HelloAsync();
            await socket.SendAsync(Encoding.UTF8.GetBytes(string.Join('\n', frames) + "\n")).WithinLimit();
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.DoesNotContain(Token.Text!, await RestAsync(socket), StringComparison.Ordinal);
        }

        Handler.ExpectNoMsg(TimeSpan.Zero);
        await StillServes();
    }

    [Fact]
    public async Task A_line_without_an_end_ends_the_connection()
    {
        Open(Get);
        using var socket = await HelloAsync();
        var piece = new byte[1024 * 1024];
        Array.Fill(piece, (byte)'a');

        var closed = false;
        for (var sent = 0; sent < 64 && !closed; sent++)
        {
            try
            {
                await socket.SendAsync(piece).WithinLimit();
            }
            catch (System.Net.Sockets.SocketException)
            {
                closed = true;
            }
        }

        Assert.True(closed);
        await StillServes();
    }

    private async Task StillServes()
    {
        await using var client = await ConnectAsync();
        Assert.Single(await client.ListToolsAsync().AsTask().WithinLimit());
    }
}
