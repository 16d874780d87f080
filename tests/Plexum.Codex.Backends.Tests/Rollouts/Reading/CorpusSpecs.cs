using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>Rollouts of real codex (0.169) and, where it cannot be had any more, by its documented shape; see tests/Corpus.</summary>
public sealed class CorpusSpecs
{
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
        };

    [Theory]
    [MemberData(nameof(Calls))]
    public void The_calls_of_a_rollout_are_these(string name, string[] expected)
    {
        using var file = Open(name);

        var calls = Read(file).ReadCalls();

        Assert.Equal(expected, calls.Select(Show));
    }

    [Fact]
    public void A_usage_limit_is_read_with_its_windows()
    {
        using var file = Open("0.169-shell-mcp-limit");

        var reading = Read(file);

        Assert.Equal(new RolloutError("usage_limit_exceeded", 0), reading.Error);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(4_102_444_800), reading.RateLimits!.FreeAgainAt);
        Assert.Equal(new RateLimitWindow(10_080, 40, DateTimeOffset.FromUnixTimeSeconds(4_102_531_200)), reading.RateLimits.Secondary);
        Assert.Equal(new Usage(300, 30, 0, 0), reading.Total);
    }

    [Fact]
    public void A_turn_that_went_well_after_a_failure_leaves_no_error()
    {
        using var file = Open("0.169-compacted");

        Assert.Null(Read(file).Error);
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string name) =>
        File.OpenHandle(Path.Combine(AppContext.BaseDirectory, "Corpus", "rollouts", $"{name}.jsonl"));

    private static RolloutReading Read(Microsoft.Win32.SafeHandles.SafeFileHandle file) =>
        RolloutReading.Of(file, 0, RandomAccess.GetLength(file), new RolloutLimits());

    private static string Show(RecordedCall call)
    {
        var name = call.Namespace is null ? call.Name : $"{call.Namespace}/{call.Name}";
        var outcome = call.Output is null ? "open" : $"{(call.Failed ? "failed" : "->")} {call.Output}";
        return $"{call.Id} {name} {call.Arguments} {outcome}".Replace('\n', '|');
    }
}
