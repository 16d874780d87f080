using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>JSON-RPC 2.0 as the plugin speaks it, also with hosts that do not.</summary>
public sealed class FrameSpecs : PluginTest
{
    private static readonly string[] Good =
    [
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
            + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
        """{"jsonrpc":"2.0","id":"q","method":"tools/call","params":{"name":"codex_agents","arguments":"""
            + """{"a":[1,2,{"b":null}]},"_meta":{"agent_id":"alice","progressToken":7}}}""",
        """{"jsonrpc":"2.0","id":null,"method":"plexum/manifest","params":{}}""",
        """{"jsonrpc":"2.0","id":3,"method":"plexum/init","params":{"settings":["turns.timeout=5m"]}}""",
        """{"jsonrpc":"2.0","id":4,"method":"plexum/provider/stream","params":{"turn_id":"0197aaaa","after_seq":3}}""",
        """{"jsonrpc":"2.0","id":5,"method":"plexum/provider/stream","params":"""
            + """{"agent":{"agent_id":"alice"},"request":{"messages":[{"role":"user","content":"x"}]}}}""",
        """{"jsonrpc":"2.0","id":6,"method":"plexum/provider/cancel","params":{"turn_id":"0197aaaa","force":true}}""",
        """{"jsonrpc":"2.0","id":7,"method":"plexum/provider/mutate_session","params":{"agent_id":"alice","mutations":[]}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4}}""",
        """{"jsonrpc":"2.0","id":"plexum-codex-1","result":{"content":"x"}}""",
        """{"jsonrpc":"2.0","id":9,"error":{"code":-1,"message":"x"}}""",
    ];

    [Theory]
    [InlineData("x", "null", RpcException.ParseError)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", "null", RpcException.ParseError)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}", "null", RpcException.ParseError)]
    [InlineData("7", "null", RpcException.InvalidRequest)]
    [InlineData("[]", "null", RpcException.InvalidRequest)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "null", RpcException.InvalidRequest)]
    [InlineData("{}", "null", RpcException.InvalidRequest)]
    [InlineData("{\"id\":1,\"method\":\"ping\"}", "1", RpcException.InvalidRequest)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "1", RpcException.InvalidRequest)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", "null", RpcException.InvalidRequest)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", "1", RpcException.InvalidRequest)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":7}", "1", RpcException.InvalidRequest)]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud83d\\ude00\",\"method\":\"nonsense\"}",
        "\"\\ud83d\\ude00\"",
        RpcException.MethodNotFound
    )]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.50,\"method\":\"plexum/nonsense\",\"params\":[1]}", "1.50", RpcException.InvalidParams)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"plexum/provider/cancel\"}", "null", RpcException.InvalidParams)]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":12345678901234567890123,\"method\":\"tools/call\",\"params\":{}}",
        "12345678901234567890123",
        RpcException.InvalidParams
    )]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"arguments\":7}}",
        "1",
        RpcException.InvalidParams
    )]
    public async Task A_mistake_gets_its_code_and_the_id_just_as_it_came(string line, string id, int code)
    {
        await Host.SendAsync(line);

        var answer = await Host.Unasked.Reader.ReadAsync().WithinLimit();
        Assert.Equal(code, (int)answer["error"]!["code"]!);
        Assert.Equal(
            id,
            answer["id"]?.ToJsonString() is { } text ? text.Replace("\\uD83D\\uDE00", "\\ud83d\\ude00", StringComparison.Ordinal) : "null"
        );
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"nonsense\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"plexum/init\",\"params\":7}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nonsense\",\"params\":[]}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":{}}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":7}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":7}")]
    [InlineData("{\"id\":null,\"error\":{}}")]
    [InlineData("   ")]
    public async Task What_must_not_be_answered_is_not(string line)
    {
        await Host.SendAsync(line);

        Assert.Equal("{}", (await Host.CallAsync("ping")).ToJsonString());
        Assert.False(Host.Unasked.Reader.TryRead(out var answer), answer?.ToJsonString());
    }

    [Fact]
    public async Task Whatever_comes_is_answered_with_an_error_or_passed_over_and_a_good_request_still_works()
    {
        var frames = Gen.OneOf(
            Gen.Choose(0, 255).Select(value => (byte)value).ListOf().Select(bytes => bytes.ToArray()),
            Mutated(),
            from depth in Gen.Choose(1, 2000)
            from open in Gen.Elements("[", "{\"a\":")
            select Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth))),
            from good in Gen.Elements(Good)
            from depth in Gen.Choose(1, 200)
            select Encoding.UTF8.GetBytes(
                """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"""
                    + $$"""{{string.Concat(Enumerable.Repeat("[", depth))}}{{string.Concat(Enumerable.Repeat("]", depth))}}}"""
            )
        );
        var checkedFrames = 0;

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(frames.ListOf().ToArbitrary(), batch =>
            {
                foreach (var frame in batch)
                {
                    Host.SendAsync((byte[])[.. frame, (byte)'\n']).GetAwaiter().GetResult();
                    checkedFrames++;
                }

                Assert.Equal("{}", Host.CallAsync("ping").GetAwaiter().GetResult().ToJsonString());
                Assert.Equal("plexum-openai-provider", (string)Host.CallAsync(PlexumMethods.Manifest).GetAwaiter().GetResult()["name"]!);
            }));
        Assert.False(Host.Reading.IsCompleted);
        Assert.True(checkedFrames > 300);
        await AllAreErrorsOrResultsAsync();
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_once_and_costs_no_memory()
    {
        var piece = new byte[1024 * 1024];
        Array.Fill(piece, (byte)'x');
        for (var i = 0; i < 3 * RpcConnection.MaxLineBytes / piece.Length; i++)
        {
            await Host.SendAsync(piece);
        }

        await Host.SendAsync("its rest");
        Assert.Equal("{}", (await Host.CallAsync("ping")).ToJsonString());
        Assert.True(Host.Unasked.Reader.TryRead(out var error));
        Assert.Equal(RpcException.InvalidRequest, (int)error["error"]!["code"]!);
        Assert.False(Host.Unasked.Reader.TryRead(out var more), more?.ToJsonString());
    }

    [Fact]
    public async Task A_line_of_two_million_values_is_refused_under_its_id_and_the_next_one_is_answered()
    {
        var values = string.Join(',', Enumerable.Repeat("1", 2_000_000));
        await Host.SendAsync($"{{\"jsonrpc\":\"2.0\",\"params\":[{values}],\"method\":\"ping\",\"id\":\"large\"}}");

        Assert.Equal("{}", (await Host.CallAsync("ping")).ToJsonString());
        Assert.True(Host.Unasked.Reader.TryRead(out var error));
        Assert.Equal((RpcException.InvalidRequest, "large"), ((int)error["error"]!["code"]!, (string)error["id"]!));
    }

    [Theory]
    [InlineData("""{"id":7,"method":"x","params":[[]]}""", "7", true)]
    [InlineData("""{"params":{"id":1,"method":"y"},"\u0069d":"a\"b"}""", "\"a\\\"b\"", false)]
    [InlineData("""{"id":{},"result":[1""", null, false)]
    [InlineData("""{"id":null,"id":2}""", "2", false)]
    [InlineData("""[{"id":1,"method":"x"}]""", "1", true)]
    [InlineData("\uFEFF\0 {\"id\":1,\"result\":2}", "1", false)]
    [InlineData("""{"id":5,"x":x""", "5", false)]
    [InlineData("", null, false)]
    public void What_a_line_is_about_is_found_without_its_values(string line, string? id, bool hasMethod)
    {
        var head = RpcHead.Of(Encoding.UTF8.GetBytes(line));

        Assert.Equal((id, hasMethod), (head.Id?.Raw, head.HasMethod));
    }

    [Fact]
    public void Lines_are_the_same_however_they_are_cut()
    {
        const int Most = 8;
        var bytes = Gen.Elements("aaab\n\n\r".Select(c => (byte)c).ToArray()).ListOf().ToArbitrary();

        Prop.ForAll(bytes, Gen.Choose(1, 5).ToArbitrary(), (input, chunk) =>
            {
                var expected = Encoding.UTF8.GetString([.. input]).Split('\n').ToList();
                if (expected[^1].Length == 0)
                {
                    expected.RemoveAt(expected.Count - 1);
                }

                Assert.Equal(
                    expected.Select(line => line.Length > Most ? "(too long)" : line),
                    Lines([.. input], chunk, Most).GetAwaiter().GetResult()
                );
            })
            .QuickCheckThrowOnFailure();
    }

    private static async Task<List<string>> Lines(byte[] input, int chunk, int most)
    {
        var reader = new LineReader(PipeReader.Create(new ChunkedStream(input, chunk)), most);
        var lines = new List<string>();
        while (await reader.NextAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line.IsTooLong ? "(too long)" : Encoding.UTF8.GetString(line.Bytes.Span));
        }

        return lines;
    }

    private static Gen<byte[]> Mutated() =>
        from good in Gen.Elements(Good)
        from keep in Gen.Choose(0, 3)
        from length in Gen.Choose(0, good.Length)
        from changes in Gen.Choose(0, 4)
        from at in Gen.Choose(0, 10_000).ArrayOf(changes)
        from to in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("{}[]\":,0\\ue".Select(c => (int)c).ToArray())).ArrayOf(changes)
        select Change(Encoding.UTF8.GetBytes(good), keep == 0 ? length : good.Length, at, to);

    private static byte[] Change(byte[] frame, int length, int[] at, int[] to)
    {
        foreach (var (index, value) in at.Zip(to))
        {
            frame[index % frame.Length] = (byte)value;
        }

        return frame[..Math.Min(length, frame.Length)];
    }

    private async Task AllAreErrorsOrResultsAsync()
    {
        await Host.CallAsync("ping");
        while (Host.Unasked.Reader.TryRead(out var frame))
        {
            Assert.True(frame.ContainsKey("error") || frame.ContainsKey("result"), frame.ToJsonString());
            Assert.DoesNotContain("   at ", frame.ToJsonString(), StringComparison.Ordinal);
        }
    }
}
