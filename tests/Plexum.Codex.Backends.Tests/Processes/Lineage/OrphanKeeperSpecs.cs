using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Plexum.Codex.Exec.Running;
using Xunit;

namespace Plexum.Codex.Processes.Lineage;

public sealed class OrphanKeeperSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_orphan_becomes_a_child_of_this_process_and_is_reaped_once_it_has_ended()
    {
        using var keeper = OrphanKeeper.Start(_time);
        var orphan = await StartOrphanAsync();
        Assert.Equal(Environment.ProcessId, ParentOf(orphan));

        ProcessProbe.Signal(orphan, ProcessSignal.Kill);
        await ProcessProbe.GoneAsync(orphan);
        Assert.True(Directory.Exists($"/proc/{orphan}"));
        await Limits.UntilAsync(() =>
        {
            _time.Advance(OrphanKeeper.Interval);
            return !Directory.Exists($"/proc/{orphan}");
        });
    }

    [Fact]
    public async Task The_ends_of_this_process_s_own_children_are_left_to_who_waits_for_them()
    {
        using var keeper = OrphanKeeper.Start(_time);
        using var rig = new ProcessRig();
        var codex = Enumerable.Range(0, 20).Select(code => (code, rig.Start($"exit {code}"))).ToList();
        using var program = Process.Start("/bin/sh", ["-c", "exit 7"]);
        for (var sweep = 0; sweep < 20; sweep++)
        {
            _time.Advance(OrphanKeeper.Interval);
        }

        foreach (var (code, process) in codex)
        {
            Assert.Equal(new ProcessExit(code, null), await process.Exited.WithinLimit());
        }

        await program.WaitForExitAsync().WithinLimit();
        Assert.Equal(7, program.ExitCode);
    }

    // The shell in between ends at once, and the orphan has a session of its own.
    private async Task<int> StartOrphanAsync()
    {
        var file = _directory.File("pid");
        using var shell = Process.Start("/bin/sh", ["-c", $"setsid sh -c 'echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000' &"]);
        await shell.WaitForExitAsync().WithinLimit();
        await Limits.UntilAsync(() => File.Exists(file));
        return ProcessProbe.PidIn(file);
    }

    private static int ParentOf(int pid) => Table.ProcessEntry.Read(pid)!.Value.Parent;
}
