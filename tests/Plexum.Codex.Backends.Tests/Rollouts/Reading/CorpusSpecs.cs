using System.Text;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>Rollouts of real codex (0.169) and, where it cannot be had any more, by its documented shape; see tests/Corpus.</summary>
public sealed class CorpusSpecs : IDisposable
{
    private const string Seen = """call_9eec3329_14_0 exec_command {"cmd":"echo seen"} -> """ + SeenOutput;
    private const string SeenOutput =
        "Chunk ID: 1f036b|Wall time: 0.0000 seconds|Process exited with code 0|" + "Original token count: 2|Output:|seen|";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string[]> Calls =>
        new()
        {
            {
                "0.135-without-ordinal",
                [
                    """call_old_1 shell_command {"command":"ls","workdir":"/workspace"} -> """
                        + """Exit code: 0|Wall time: 0.1 seconds|Output:|README.md|src|""",
                    """call_old_2 mcp__notes__get {"key":"k1"} -> [{"type":"text","text":"a note"}]""",
                    """call_old_3 shell_command {"command":"cat missing"} failed Exit code: 1|"""
                        + """Wall time: 0 seconds|Output:|cat: missing: No such file or directory|""",
                ]
            },
            {
                "0.169-shell-mcp-limit",
                [
                    """call_9eec3329_1_0 exec_command {"cmd":"echo hello-shell"} -> Chunk ID: a985a1|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 0|Original token count: 3|Output:|hello-shell|""",
                    """call_9eec3329_3_0 mcp__notes/get {"key":"k1"} -> Wall time: 0.0124 seconds|Output:|a note""",
                    """call_9eec3329_3_1 mcp__notes/bad {} failed Wall time: 0.0081 seconds|Output:|no such note""",
                    """call_9eec3329_3_2 exec_command {"cmd":"exit 3"} failed Chunk ID: 735ee5|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 3|Original token count: 0|Output:|""",
                ]
            },
            {
                "0.169-compacted",
                [
                    """call_9eec3329_6_0 exec_command {"cmd":"echo before"} -> Chunk ID: 61b50f|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 0|Original token count: 2|Output:|before|""",
                    """call_9eec3329_11_0 exec_command {"cmd":"echo after"} -> Chunk ID: 3f3098|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 0|Original token count: 2|Output:|after|""",
                ]
            },
            {
                "0.169-image",
                [
                    """call_9eec3329_14_0 exec_command {"cmd":"echo seen"} -> Chunk ID: 1f036b|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 0|Original token count: 2|Output:|seen|""",
                ]
            },
            {
                "0.171-shell",
                [
                    """call_4 exec_command {"cmd": "echo one"} -> Chunk ID: 3d9b87|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 0|Original token count: 1|Output:|one|""",
                    """call_8 exec_command {"cmd": "exit 3"} failed Chunk ID: 6d07d2|"""
                        + """Wall time: 0.0000 seconds|Process exited with code 3|Original token count: 0|Output:|""",
                ]
            },
            {
                "custom-tools-and-local-shell",
                [
                    """call_c_1 apply_patch *** Begin Patch|*** Add File: x.txt|+hé😀|*** End Patch| -> {"output":"Success. """
                        + """Updated the following files:\nA x.txt\n","metadata":{"exit_code":0,"duration_seconds":0.0}}""",
                    """call_c_2 local_shell {"type":"exec","command":["bash","-lc","ls"],"timeout_ms":1000"""
                        + ""","working_directory":"/workspace","env":null,"user":null} -> x.txt|""",
                    """lsh_2 local_shell {"type":"exec","command":["false"]} failed failed in sandbox""",
                    """call_c_3 view_image {"path":"/workspace/x.png"} -> """,
                    """call_c_4 mcp__browser/shot {} -> Wall time: 0.1 seconds|Output:|1 of 1""",
                    """call_c_5 exec_command {"cmd":"sleep 60"} open""",
                ]
            },
            { "odd-bom", [Seen] },
            { "odd-compressed", [Seen] },
            { "odd-crlf", [Seen] },
            {
                "odd-dangling-start",
                [
                    Seen,
                    """call_9eec3329_14_0_b1 exec_command {"cmd":"echo seen"} open""",
                    """call_9eec3329_14_0_c2 exec_command {"cmd":"echo seen"} -> """ + SeenOutput,
                ]
            },
            { "odd-duplicate-calls", [Seen] },
            { "odd-empty", [] },
            { "odd-fork-copied", [Seen, """call_9eec3329_14_0_c2 exec_command {"cmd":"echo seen"} -> """ + SeenOutput] },
            { "odd-long-numbers", [Seen] },
            { "odd-newlines", [] },
            { "odd-nul-line", [Seen] },
            { "odd-nul-tail", [Seen] },
            { "odd-ordinal-backwards", [Seen] },
            { "odd-ordinal-missing", [Seen] },
            { "odd-ordinal-missing-last", [Seen] },
            {
                "odd-surrogates",
                [
                    Seen.Replace("echo seen", "echo \uFFFD seen", StringComparison.Ordinal)
                        .Replace("|seen|", "|se\uFFFDen \uFFFD 😀|", StringComparison.Ordinal),
                ]
            },
            { "odd-torn-repeated", [Seen] },
            { "odd-torn-tail", ["""call_9eec3329_14_0 exec_command {"cmd":"echo seen"} open"""] },
            { "odd-unknown-types", [Seen] },
        };

    public static TheoryData<string> Files => [.. Corpus.Files("rollouts")];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Each_rollout_of_the_corpus_has_its_calls_here()
    {
        Assert.Equal(
            Corpus.Files("rollouts").Select(file => file.Split(".jsonl")[0]).Order(StringComparer.Ordinal),
            Calls.Select(row => (string)row[0]).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void The_calls_of_a_rollout_are_these(string name, string[] expected)
    {
        using var rollout = Open(name);

        Assert.Equal(expected, Read(rollout).ReadCalls().Select(Show));
    }

    [Fact]
    public void A_usage_limit_is_read_with_its_windows()
    {
        using var rollout = Open("0.169-shell-mcp-limit");

        var reading = Read(rollout);

        Assert.Equal(new RolloutError("usage_limit_exceeded", 0), reading.Error);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(4_102_444_800), reading.RateLimits!.FreeAgainAt);
        Assert.Equal(new RateLimitWindow(10_080, 40, DateTimeOffset.FromUnixTimeSeconds(4_102_531_200)), reading.RateLimits.Secondary);
        Assert.Equal(new Usage(300, 30, 0, 0), reading.Total);
    }

    [Fact]
    public void A_turn_that_went_well_after_a_failure_leaves_no_error()
    {
        using var rollout = Open("0.169-compacted");

        Assert.Null(Read(rollout).Error);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_consume_of_all_calls_keeps_every_line_in_its_place(string file)
    {
        var path = _directory.File(file);
        var plain = RolloutFile.PlainPathOf(path);
        File.WriteAllBytes(path, Corpus.Read("rollouts", file));
        var before = Content(path);
        string[] calls = [.. Ids(path)];

        var result = Consume(path, calls);

        var after = Content(calls.Length > 0 ? plain : path);
        var (old, now) = (Lines(before), Lines(after));
        Assert.Equal(old.Select(line => line.Length), now.Select(line => line.Length));
        Assert.All(old.Zip(now).Where(pair => pair.First != pair.Second), pair =>
            Assert.Contains(calls, call => pair.First.Contains($"\"call_id\":\"{call}\"", StringComparison.Ordinal))
        );
        Assert.Equal(calls, Ids(calls.Length > 0 ? plain : path));
        if (calls.Length > 0)
        {
            Assert.Equal(result, Consume(plain, calls) with { Warnings = result.Warnings });
            Assert.Equal(after, Content(plain));
        }
    }

    private static ConsumeResult Consume(string path, string[] calls) =>
        RolloutRewriter.Apply(path, new RewriteRequest([.. calls.Select(call => new CallToConsume(call, CallToConsume.Heavy))]));

    private static string[] Lines(byte[] content) => Encoding.Latin1.GetString(content).Split('\n');

    private List<string> Ids(string path)
    {
        using var rollout = Open(path);
        return [.. Read(rollout).ReadCalls().Select(call => call.Id)];
    }

    private byte[] Content(string path)
    {
        using var rollout = Open(path);
        var bytes = new byte[rollout.Length];
        Assert.Equal(bytes.Length, RandomAccess.Read(rollout.File, bytes, 0));
        return bytes;
    }

    private OpenRollout Open(string name)
    {
        var plain = Path.Combine(AppContext.BaseDirectory, "Corpus", "rollouts", $"{name}.jsonl");
        var path =
            Path.IsPathRooted(name) ? name
            : File.Exists(plain) ? plain
            : plain + ".zst";
        return Assert.IsType<OpenRollout>(OpenRollout.TryOpen(path, _directory.Root, new RolloutLimits(), out _));
    }

    private static RolloutReading Read(OpenRollout rollout) => RolloutReading.Of(rollout.File, 0, rollout.Length, new RolloutLimits());

    private static string Show(RecordedCall call)
    {
        var name = call.Namespace is null ? call.Name : $"{call.Namespace}/{call.Name}";
        var outcome = call.Output is null ? "open" : $"{(call.Failed ? "failed" : "->")} {call.Output}";
        return $"{call.Id} {name} {call.Arguments} {outcome}".Replace('\n', '|');
    }
}
