using System.Globalization;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes.Table;
using Xunit;

namespace Plexum.Codex.Processes;

public sealed class SurvivorSpecs
{
    [Fact]
    public async Task What_outlives_codex_is_found_and_killed()
    {
        using var rig = new ProcessRig();
        var codex = rig.Start(
            """
            sleep 1001 & echo same-session $!
            setsid sh -c 'echo own-session $$; exec sleep 1002' &
            env -i setsid sh -c 'echo no-marker $$; exec sleep 1003' &
            echo ready
            read -r unused < /dev/null
            exec sleep 1000
            """
        );
        int[] pids = [await Pid(rig, "same-session "), await Pid(rig, "own-session "), await Pid(rig, "no-marker ")];

        var seen = Survivor.Find(codex.Identity, rig.Turn);
        Assert.Equal(pids.Order(), seen.Select(s => s.Identity.Pid).Order());

        ProcessProbe.Signal(codex.Identity.Pid, ProcessSignal.Kill);
        await codex.Exited.WithinLimit();
        Assert.Equal(pids[..2].Order(), Survivor.Find(codex.Identity, rig.Turn).Select(s => s.Identity.Pid).Order());
        var survivors = Survivor.Find(codex.Identity, rig.Turn, seen);
        Assert.Equal(pids.Order(), survivors.Select(s => s.Identity.Pid).Order());
        Assert.All(survivors, s => Assert.Contains(s.Name, new[] { "sh", "sleep", "setsid", "env" }));

        Assert.All(survivors, s => Assert.True(s.Signal(ProcessSignal.Kill)));
        foreach (var survivor in survivors)
        {
            await CodexProcess.Attach(survivor.Identity).Exited.WithinLimit();
        }

        Assert.Empty(Survivor.Find(codex.Identity, rig.Turn, seen));
        Assert.All(survivors, s => Assert.False(s.Signal(ProcessSignal.Kill)));
    }

    [Fact]
    public async Task What_a_command_left_is_told_from_codex_s_own_also_when_it_has_given_up_its_variables()
    {
        using var rig = new ProcessRig();
        var codex = rig.Start(
            """
            setsid sh -c 'echo snapshot $$; exec sleep 1001' &
            sh -c 'env -i setsid sleep 1002 & echo server $!; exec sleep 1003' &
            PLEXUM_CODEX_COMMAND=$PLEXUM_CODEX_TURN setsid sh -c 'env -i setsid sleep 1004 & echo child $!; exec sleep 1005' &
            PLEXUM_CODEX_COMMAND=another-turn setsid sh -c 'echo other $$; exec sleep 1006' &
            env -i setsid sh -c 'echo bare $$; exec sleep 1007' &
            echo ready
            exec sleep 1000
            """
        );
        int[] own = [await Pid(rig, "snapshot "), await Pid(rig, "server "), await Pid(rig, "other ")];
        int[] left = [await Pid(rig, "child "), await Pid(rig, "bare ")];

        var seen = Survivor.Find(codex.Identity, rig.Turn);
        ProcessProbe.Signal(codex.Identity.Pid, ProcessSignal.Kill);
        foreach (var parent in seen.Where(s => !own.Contains(s.Identity.Pid) && !left.Contains(s.Identity.Pid)))
        {
            parent.Signal(ProcessSignal.Kill);
            await CodexProcess.Attach(parent.Identity).Exited.WithinLimit();
        }

        await codex.Exited.WithinLimit();
        var survivors = Survivor.Find(codex.Identity, rig.Turn, seen);

        Assert.Equal(left.Order(), survivors.Where(s => s.IsOfCommand).Select(s => s.Identity.Pid).Order());
        Assert.Equal(own.Order(), survivors.Where(s => !s.IsOfCommand).Select(s => s.Identity.Pid).Order());
        Assert.All(survivors, s => Assert.True(s.Signal(ProcessSignal.Kill)));
    }

    [Fact]
    public async Task Processes_of_another_turn_are_not_found()
    {
        using var first = new ProcessRig();
        using var second = new ProcessRig();
        var codex = first.Start("exit 0");
        await codex.Exited.WithinLimit();
        var other = second.Start("sleep 1000 & echo child $!; wait");
        await second.LineAsync("child ");

        Assert.Empty(Survivor.Find(codex.Identity, first.Turn));

        other.Signal(ProcessSignal.Kill);
    }

    [Theory]
    [InlineData("12 (sh) S 1 12 34 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 777 1 2", 12, "sh", 1, 34, 777)]
    [InlineData("12 (a) b (c) R 5 12 34 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 777 1 2", 12, "a) b (c", 5, 34, 777)]
    public void A_line_of_the_process_table_is_read_whatever_the_name(
        string line,
        int pid,
        string name,
        int parent,
        int session,
        long started
    )
    {
        Assert.True(ProcessEntry.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out var entry));
        Assert.Equal((pid, name, parent, session, started), (entry.Pid, entry.Name, entry.Parent, entry.Session, entry.StartedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12 (sh")]
    [InlineData("12 (sh) S 1")]
    [InlineData("x (sh) S 1 12 34 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 777 1 2")]
    public void A_line_that_is_cut_short_is_skipped(string line) =>
        Assert.False(ProcessEntry.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out _));

    private static async Task<int> Pid(ProcessRig rig, string start) => int.Parse(await rig.LineAsync(start), CultureInfo.InvariantCulture);
}
