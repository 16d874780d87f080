using System.Text;
using Plexum.Codex.Exec.Running;
using Xunit;

namespace Plexum.Codex.Processes.Launching;

public sealed class StderrFileSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string StderrPath => _directory.File("stderr");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_tail_is_the_last_two_kilobytes_without_the_usual_lines()
    {
        File.WriteAllText(StderrPath, "first\nReading additional input from stdin...\nlast\n");
        Assert.Equal("first\nlast", StderrFile.ReadTail(StderrPath));

        File.WriteAllText(
            StderrPath,
            "Error: the reason\n\nStack backtrace:\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"  {i}: <unknown>\n"))
        );
        Assert.Equal("Error: the reason", StderrFile.ReadTail(StderrPath));

        File.WriteAllText(StderrPath, new string('x', 5000) + "end");
        Assert.Equal(new string('x', 2045) + "end", StderrFile.ReadTail(StderrPath));
    }

    [Fact]
    public void The_tail_does_not_begin_within_a_character_and_takes_any_bytes()
    {
        File.WriteAllText(StderrPath, string.Concat(Enumerable.Repeat("é", 2000)) + "x");
        Assert.Equal(string.Concat(Enumerable.Repeat("é", 1023)) + "x", StderrFile.ReadTail(StderrPath));

        File.WriteAllBytes(StderrPath, [0xFF, 0xFE, (byte)'a']);
        Assert.Equal("\uFFFD\uFFFDa", StderrFile.ReadTail(StderrPath));
    }

    [Fact]
    public void The_tail_of_a_second_process_leaves_out_the_firsts()
    {
        File.WriteAllText(StderrPath, "no rollout found\nsecond");

        Assert.Equal("second", StderrFile.ReadTail(StderrPath, from: 17));
        Assert.Equal("", StderrFile.ReadTail(StderrPath, from: 1000));
        Assert.Equal("", StderrFile.ReadTail(_directory.File("missing")));
        Assert.Equal(0, StderrFile.Length(_directory.File("missing")));
    }

    [Fact]
    public void A_file_over_the_cap_keeps_its_start_and_its_end_and_says_what_is_missing()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:000000000}\n"));
        File.WriteAllText(StderrPath, text);

        Assert.True(StderrFile.EnforceCap(StderrPath, 10_000));
        Assert.False(StderrFile.EnforceCap(StderrPath, 10_000));

        var cut = File.ReadAllText(StderrPath);
        Assert.Equal(text[..10_000], cut[..10_000]);
        Assert.EndsWith(text[^2048..], cut, StringComparison.Ordinal);
        Assert.Contains("\n[… 187952 bytes of stderr cut …]\n", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_cut_counts_what_the_first_one_took()
    {
        File.WriteAllText(StderrPath, new string('a', 100_000));
        StderrFile.EnforceCap(StderrPath, 10_000);
        File.AppendAllText(StderrPath, new string('b', 50_000));

        Assert.True(StderrFile.EnforceCap(StderrPath, 10_000));

        Assert.Contains($"\n[… {150_000 - 10_000 - 2048} bytes of stderr cut …]\n", File.ReadAllText(StderrPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_floods_keeps_writing_behind_the_cut()
    {
        using var rig = new ProcessRig();
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(rig.Workspace, "go.pipe")]);
        await mkfifo.WaitForExitAsync().WithinLimit();
        var process = rig.Start("head -c 1000000 /dev/zero >&2; echo flooded; read -r go < go.pipe; echo the-end >&2");
        await rig.LineAsync("flooded");

        Assert.True(StderrFile.EnforceCap(rig.Directory.StderrFile, 100_000));
        await File.WriteAllTextAsync(Path.Combine(rig.Workspace, "go.pipe"), "go\n");
        await process.Exited.WithinLimit();

        Assert.InRange(StderrFile.Length(rig.Directory.StderrFile), 100_000, 103_000);
        Assert.EndsWith("the-end\n", rig.Stderr, StringComparison.Ordinal);
    }
}
