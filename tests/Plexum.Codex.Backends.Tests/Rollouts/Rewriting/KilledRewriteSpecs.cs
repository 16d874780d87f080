using System.Diagnostics;
using System.Text;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Rewriting;

public sealed class KilledRewriteSpecs : IDisposable
{
    private const int Kills = 200;
    private const int Calls = 3000;
    private const int OutputLength = 4 * 1024;

    private readonly TemporaryDirectory _directory = new(Memory());

    private string Rollout => _directory.File("rollout-1.jsonl");

    private string TemporaryFile => _directory.File(".rollout-1.jsonl.consume");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_rewrite_that_is_killed_at_any_moment_leaves_the_old_file_or_the_new_one()
    {
        var versions = WriteVersions();
        var longest = await Measure();
        var (inTheMiddle, replaced) = (0, 0);
        var random = new Random(20261120);
        Process[] next = [Start(), Start()];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = next[kill % 2];
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WithinLimit());
            process.StandardInput.WriteLine(kill % 2 == 0 ? CallToConsume.Heavy : CallToConsume.Light);
            var began = Stopwatch.GetTimestamp();
            var moment = longest * random.NextDouble();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(began) >= moment);
            process.Kill();
            await process.WaitForExitAsync().WithinLimit();
            inTheMiddle += File.Exists(TemporaryFile) ? 1 : 0;
            var left = await File.ReadAllBytesAsync(Rollout);
            var found = versions.FindIndex(version => version.AsSpan().SequenceEqual(left));
            Assert.True(
                found >= 0,
                $"After kill {kill}, {moment.TotalMilliseconds} ms after its start, the file is neither the old nor the new one."
            );
            replaced += found == (kill % 2 == 0 ? 2 : 1) ? 1 : 0;
            next[kill % 2] = Start();
        }

        foreach (var process in next)
        {
            process.Kill();
            await process.WaitForExitAsync().WithinLimit();
            process.Dispose();
        }

        Assert.InRange(inTheMiddle, 1, Kills);
        Assert.InRange(replaced, 1, Kills - 1);
        RolloutRewriter.Apply(Rollout, Request(CallToConsume.Light));
        RolloutRewriter.Apply(Rollout, Request(CallToConsume.Heavy));
        Assert.Equal(versions[2], await File.ReadAllBytesAsync(Rollout));
        Assert.DoesNotContain(TemporaryFile, Directory.GetFiles(_directory.Root));
    }

    /// <summary>The rollout as it was, light and heavy; light is what stays.</summary>
    private List<byte[]> WriteVersions()
    {
        var text = new StringBuilder();
        for (var call = 0; call < Calls; call++)
        {
            text.Append(RolloutText.Call(IdOf(call), "the arguments")).Append('\n');
            text.Append(RolloutText.Output(IdOf(call), new string((char)('a' + (call % 26)), OutputLength))).Append('\n');
        }

        File.WriteAllText(Rollout, text.ToString());
        var original = File.ReadAllBytes(Rollout);
        RolloutRewriter.Apply(Rollout, Request(CallToConsume.Heavy));
        var heavy = File.ReadAllBytes(Rollout);
        RolloutRewriter.Apply(Rollout, Request(CallToConsume.Light));
        return [original, File.ReadAllBytes(Rollout), heavy];
    }

    private async Task<TimeSpan> Measure()
    {
        using var process = Start();
        await process.StandardOutput.ReadLineAsync().WithinLimit();
        var began = Stopwatch.GetTimestamp();
        await process.StandardInput.WriteLineAsync(CallToConsume.Heavy);
        Assert.Equal("done", await process.StandardOutput.ReadLineAsync().WithinLimit());
        var took = Stopwatch.GetElapsedTime(began);
        await process.WaitForExitAsync().WithinLimit();
        RolloutRewriter.Apply(Rollout, Request(CallToConsume.Light));
        return took * 1.3;
    }

    private Process Start()
    {
        var small = _directory.Write($"small-{Guid.NewGuid():N}", RolloutText.Output(IdOf(0), new string('x', 100)));
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "RewriteOnce"), [Rollout, small, .. Named()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static RewriteRequest Request(string op) => new([.. Named().Select(id => new CallToConsume(id, op))]);

    // Some at the beginning, some in the middle, some at the end.
    private static IEnumerable<string> Named() =>
        Enumerable.Range(0, Calls).Where(call => call % 100 == 0 || call > Calls - 50).Select(IdOf);

    // On a disk the test waits for gigabytes to be written, of which nothing is ever read.
    private static string? Memory()
    {
        var memory = new DriveInfo("/dev/shm");
        return memory.IsReady && memory.AvailableFreeSpace > 512 * 1024 * 1024 ? memory.Name : null;
    }

    private static string IdOf(int call) => $"call_{call}";
}
