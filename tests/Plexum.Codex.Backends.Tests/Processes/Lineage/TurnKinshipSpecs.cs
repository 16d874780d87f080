using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Exec.Running;
using Xunit;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>Which processes are taken for a turn's. The shell of a <see cref="ProcessRig"/> stands for codex.</summary>
public sealed class TurnKinshipSpecs : IDisposable
{
    private readonly ProcessRig _rig = new();
    private readonly OrphanKeeper _keeper = OrphanKeeper.Start(TimeProvider.System);
    private readonly List<int> _started = [];

    // The tests themselves may run in a turn.
    private static TurnKinship Kin => new(Environment.ProcessId, null, Environment.GetEnvironmentVariable(ProcessEnvironment.TurnVariable));

    public void Dispose()
    {
        _started.ForEach(pid => ProcessProbe.Signal(pid, ProcessSignal.Kill));
        _rig.Dispose();
        _keeper.Dispose();
    }

    [Fact]
    public async Task Codex_and_its_child_belong_to_a_turn()
    {
        var codex = _rig.Start("sleep 1000 & echo child $!; wait");
        var child = await PidAsync("child ");

        Assert.Equal(Kinship.OfTurn, Kin.Of(codex.Identity.Pid));
        Assert.Equal(Kinship.OfTurn, Kin.Of(child));
    }

    [Fact]
    public async Task An_orphan_in_its_own_session_with_an_empty_environment_belongs_to_a_turn()
    {
        var codex = _rig.Start("(setsid env -i sh -c 'echo orphan $$; exec sleep 1000' &)");
        var orphan = await PidAsync("orphan ");
        await codex.Exited.WithinLimit();

        Assert.Equal(Kinship.OfTurn, Kin.Of(orphan));
    }

    [Fact]
    public void This_process_and_a_program_that_it_started_itself_do_not()
    {
        using var program = Process.Start("sleep", ["1000"]);
        _started.Add(program.Id);

        Assert.Equal(Kinship.None, Kin.Of(Environment.ProcessId));
        Assert.Equal(Kinship.None, Kin.Of(program.Id));
        Assert.Equal(Kinship.None, Kin.Of(Table.ProcessEntry.Read(Environment.ProcessId)!.Value.Parent));
    }

    [Fact]
    public async Task The_turn_s_variable_of_a_parent_gives_its_child_away_unless_this_process_has_it_too()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "env -i sleep 1000 & echo $!; wait"]) { RedirectStandardOutput = true };
        start.Environment[ProcessEnvironment.TurnVariable] = "t-of-another-daemon";
        using var shell = Process.Start(start)!;
        _started.Add(shell.Id);
        var child = Started(await shell.StandardOutput.ReadLineAsync().WithinLimit());

        Assert.Equal(Kinship.OfTurn, Kin.Of(child));
        Assert.Equal(Kinship.None, new TurnKinship(Environment.ProcessId, null, "t-of-another-daemon").Of(child));
    }

    [Fact]
    public void What_is_in_the_daemon_s_own_unit_belongs_to_a_turn()
    {
        using var program = Process.Start("sleep", ["1000"]);
        _started.Add(program.Id);
        var group = ControlGroup.Of(program.Id);
        Assert.NotNull(group);

        Assert.Equal(Kinship.OfTurn, new TurnKinship(Environment.ProcessId, group, null).Of(program.Id));
        Assert.Equal(Kinship.None, new TurnKinship(Environment.ProcessId, group + "/plexum-codex.service", null).Of(program.Id));
        Assert.Equal(Kinship.None, new TurnKinship(Environment.ProcessId, group, null).Of(Environment.ProcessId));
    }

    [Theory]
    [InlineData("0::/user.slice/app.slice/plexum-codex.service\n", "/user.slice/app.slice/plexum-codex.service")]
    [InlineData("12:pids:/a\n1:name=systemd:/b:c\n0::/\n", "/b:c")]
    [InlineData("12:pids:/a\n0::/d\n", "/d")]
    [InlineData("12:pids:/a\n", null)]
    [InlineData("", null)]
    public void The_control_group_is_systemd_s(string text, string? group) => Assert.Equal(group, ControlGroup.Parse(text));

    [Fact]
    public void A_process_is_its_unit_s_main_process_only_if_systemd_named_it()
    {
        Assert.Null(ControlGroup.OfUnit(null));
        Assert.Null(ControlGroup.OfUnit("1"));
    }

    [Fact]
    public async Task A_process_that_has_ended_has_no_kin()
    {
        using var program = Process.Start("true");
        await program.WaitForExitAsync().WithinLimit();

        Assert.Equal(Kinship.Unknown, Kin.Of(program.Id));
    }

    [Fact]
    public void Two_processes_that_see_the_same_are_in_the_same_namespaces()
    {
        using var program = Process.Start("sleep", ["1000"]);
        _started.Add(program.Id);

        Assert.Equal(NamespaceDifference.None, ProcessNamespaces.Compare(program.Id));
        Assert.Equal(NamespaceDifference.None, ProcessNamespaces.CompareByTraces(program.Id));
        Assert.Null(ProcessNamespaces.Compare(int.MaxValue));
        Assert.Null(ProcessNamespaces.CompareByTraces(int.MaxValue));
    }

    private async Task<int> PidAsync(string before) => Started(await _rig.LineAsync(before));

    private int Started(string? line)
    {
        var pid = int.Parse(line!, CultureInfo.InvariantCulture);
        _started.Add(pid);
        return pid;
    }
}
