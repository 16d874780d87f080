using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Rewriting;

namespace Plexum.Codex.Bench;

/// <summary>The rewrite of a rollout, beside what copying the same file costs.</summary>
internal static class ConsumeRows
{
    private const int Calls = 16_000;
    private const int OutputLength = 16 * 1024;

    private static readonly Lazy<string> Rollout = new(WriteRollout);

    public static IEnumerable<Row> All =>
        [
            new("consume", "a consume of 50 calls in a rollout of 266 MB", 0, Consume),
            new("consume-none", "a consume of calls that are not in it: reading alone", 0, () =>
                Apply(Rollout.Value, "nobody", CallToConsume.Light)
            ),
            new("copy", "cp of the same file, flushed", 0, Copy),
        ];

    private static long Consume() => Apply(Rollout.Value, "call", IsLight(Rollout.Value) ? CallToConsume.Heavy : CallToConsume.Light);

    private static long Apply(string rollout, string prefix, string op)
    {
        RolloutRewriter.Apply(
            rollout,
            new RewriteRequest([.. Enumerable.Range(0, 50).Select(call => new CallToConsume($"{prefix}_{call * Calls / 50}", op))])
        );
        return 1;
    }

    // Each run has to change something.
    private static bool IsLight(string rollout) => File.ReadLines(rollout).Skip(1).First().Contains("(consumed)", StringComparison.Ordinal);

    private static long Copy()
    {
        var copy = Rollout.Value + ".copy";
        using (var cp = Process.Start("cp", [Rollout.Value, copy]))
        {
            cp.WaitForExit();
        }

        using (SafeFileHandle file = File.OpenHandle(copy, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        File.Delete(copy);
        return 1;
    }

    /// <summary>A rollout for as long as this process runs.</summary>
    private static string WriteRollout()
    {
        var directory = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        var path = Path.Combine(directory.FullName, "rollout-1.jsonl");
        using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1024 * 1024))
        {
            var output = string.Concat(Enumerable.Repeat(@"-rw-r--r-- 1 user user  1234 Nov 20 19:00 some-file.txt\n", OutputLength / 57));
            for (var call = 0; call < Calls; call++)
            {
                file.Write(
                    $$$"""{"timestamp":"2026-11-20T22:06:00.485Z","ordinal":{{{2 * call}}},"type":"response_item","payload":"""
                        + """{"type":"function_call","id":"fc_1","name":"exec_command","arguments":"{\"cmd\":\"ls """
                        + $$$"""-l\"}","call_id":"call_{{{call}}}"}}"""
                        + "\n"
                );
                file.Write(
                    $$$"""{"timestamp":"2026-11-20T22:06:00.574Z","ordinal":{{{(2 * call) + 1}}},"type":"response_item","payload":"""
                        + $$$"""{"type":"function_call_output","id":"fco_1","call_id":"call_{{{call}}}","output":"{{{output}}}"}}"""
                        + "\n"
                );
            }
        }

        return path;
    }
}
