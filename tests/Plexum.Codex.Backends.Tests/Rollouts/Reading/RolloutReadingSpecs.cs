using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class RolloutReadingSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_reading_finds_what_a_plain_parser_finds_however_the_file_is_cut_into_pieces()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 3000).ToArbitrary(), (seed, piece) =>
            {
                var bytes = new RandomRollout(seed).Bytes();
                var expected = ReferenceReading.Of(bytes);

                var (reading, calls) = Read(bytes, new RolloutLimits(), pieceBytes: piece);

                Assert.Equal(
                    expected.Calls.Select(call => (call.Id, call.Name, call.Namespace, call.Arguments, call.Output, call.Failed)),
                    calls.Select(call => (call.Id, call.Name, call.Namespace, call.Arguments, call.Output, call.Failed))
                );
                Assert.Equal(expected.Error, reading.Error?.Name);
                Assert.Equal(expected.TotalInput, reading.Total?.InputTokens);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Any_bytes_are_read_without_a_failure()
    {
        Prop.ForAll<byte[], int>(
                (bytes, seed) =>
                {
                    var rollout = new RandomRollout(seed).Bytes();
                    var at = rollout.Length == 0 ? 0 : (seed & int.MaxValue) % rollout.Length;
                    Read(
                        [.. bytes ?? [], .. rollout.AsSpan(at), .. bytes ?? [], .. rollout],
                        new RolloutLimits { MaxOutput = 7, MaxArguments = 3 },
                        pieceBytes: 512
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_reading_of_the_end_gives_the_calls_behind_its_beginning_and_no_output_of_an_earlier_call()
    {
        var before = Call("call_1", "{}") + Call("call_2", "{}") + Output("call_1", "\"one\"");
        var after = Output("call_2", "\"late\"") + Call("call_3", "{}") + Output("call_3", "\"three\"");

        var (_, calls) = Read(Encoding.UTF8.GetBytes(before + after), new RolloutLimits(), from: before.Length);

        Assert.Equal(("call_3", "three"), (Assert.Single(calls).Id, calls[0].Output));
    }

    [Fact]
    public void Long_arguments_and_outputs_are_cut_between_characters_and_marked()
    {
        var limits = new RolloutLimits { MaxArguments = 5, MaxOutput = 5 };
        var rollout =
            Call("c", "aéé😀")
            + Output("c", "\"12\\n\\u00e9é\"")
            + Call("d", "12345")
            + Output("d", """[{"type":"input_text","text":"12"},{"type":"input_text","text":"345"}]""");

        var (_, calls) = Read(Encoding.UTF8.GetBytes(rollout), limits);

        Assert.Equal("aéé\n[… cut by plexum-codex: the first 5 bytes of 9 in the rollout]", calls[0].Arguments);
        Assert.Equal("12\né\n[… cut by plexum-codex: the first 5 bytes of 12 in the rollout]", calls[0].Output);
        Assert.Equal("12345", calls[1].Arguments);
        Assert.Equal("12\n34\n[… cut by plexum-codex: the first 5 bytes of 5 in the rollout]", calls[1].Output);
    }

    [Fact]
    public void A_call_that_is_reported_twice_is_read_once_with_its_first_output()
    {
        var rollout = Call("c", "1") + Output("c", "\"first\"") + Call("c", "2") + Output("c", "\"second\"");

        var (_, calls) = Read(Encoding.UTF8.GetBytes(rollout), new RolloutLimits());

        Assert.Equal(("1", "first"), (Assert.Single(calls).Arguments, calls[0].Output));
    }

    [Fact]
    public void Calls_over_the_limit_are_counted_and_left_out()
    {
        var rollout = new StringBuilder();
        for (var i = 0; i < CallIndex.MaxCalls + 3; i++)
        {
            rollout.Append(Call($"call_{i}", "{}"));
        }

        var (reading, calls) = Read(Encoding.UTF8.GetBytes(rollout.ToString()), new RolloutLimits());

        Assert.Equal((CallIndex.MaxCalls, 3), (calls.Count, reading.Calls.LeftOut));
    }

    [Fact]
    public void A_line_over_the_limit_is_skipped_and_the_next_one_read()
    {
        var path = _directory.File("rollout");
        var noise = """{"timestamp":"t","type":"world_state","payload":{"x":""" + $"\"{new string('x', 9000)}\"}}}}\n";
        File.WriteAllText(path, noise + Call("long", new string('a', 5000)) + noise + Call("short", "{}"));
        using var file = File.OpenHandle(path);
        using var scanner = new RolloutScanner(file, 0, RandomAccess.GetLength(file), maxLineBytes: 2000, pieceBytes: 100);

        Assert.True(scanner.TryRead(out var tooLong));
        Assert.True(tooLong.IsTooLong);
        Assert.Equal((noise.Length, Call("long", new string('a', 5000)).Length - 1), (tooLong.Offset, tooLong.Length));
        Assert.True(scanner.TryRead(out var line));
        Assert.Equal(Call("short", "{}"), Encoding.UTF8.GetString(line.Bytes) + "\n");
        Assert.False(scanner.TryRead(out _));
        Assert.Equal(noise.Length - 1, scanner.LongestLineSeen);
    }

    [Fact]
    public void Windows_and_totals_are_the_last_ones_that_say_something()
    {
        var rollout =
            """{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":"""
            + """{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":1}}"""
            + ""","rate_limits":{"primary":{"used_percent":99.5,"window_minutes":300,"resets_at":1800000000},"secondary":null}}}"""
            + "\n"
            + """{"type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":{"primary":null,"secondary":null}}}"""
            + "\n";

        var (reading, _) = Read(Encoding.UTF8.GetBytes(rollout), new RolloutLimits());

        Assert.Equal(new Usage(5, 2, 1, 1), reading.Total);
        Assert.Equal(
            new RateLimits(new RateLimitWindow(300, 99.5, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)), null),
            reading.RateLimits
        );
    }

    private static string Call(string id, string arguments) =>
        Record($$"""{"type":"function_call","name":"f","arguments":"{{arguments}}","call_id":"{{id}}"}""");

    private static string Output(string id, string output) =>
        Record($$"""{"type":"function_call_output","call_id":"{{id}}","output":{{output}} }""");

    private static string Record(string payload) =>
        """{"timestamp":"2026-02-03T10:00:00Z","type":"response_item","payload":""" + payload + "}\n";

    private (RolloutReading Reading, List<RecordedCall> Calls) Read(
        byte[] rollout,
        RolloutLimits limits,
        long from = 0,
        int pieceBytes = 64 * 1024
    )
    {
        var path = _directory.File("rollout");
        File.WriteAllBytes(path, rollout);
        using var file = File.OpenHandle(path);
        var reading = RolloutReading.Of(file, from, rollout.Length, limits, pieceBytes);
        return (reading, [.. reading.ReadCalls()]);
    }
}
