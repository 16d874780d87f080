using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// The daemon is killed while messages are at every point of their way: before the journal, behind it, while codex runs, before the
/// reply, between reply and pop, and after the pop. One daemon has all of them at hand when it dies.
/// </summary>
public sealed class CrashSpecs
{
    private static readonly string[] Script =
    [
        "[prompt RUNS]",
        "touch ${cwd}/running",
        "wait ${cwd}/go",
        "thread",
        "turn",
        "say echo: ${prompt}",
        "completed 1 1",
        "[else]",
        "thread",
        "turn",
        "say echo: ${prompt}",
        "completed 1 1",
    ];

    [Fact]
    public async Task M4_Over_HTTP_a_kill_of_the_daemon_loses_no_message_and_no_reply_is_given_twice()
    {
        await using var rig = await DirectRig.MakeAsync(Script);
        await BeginAsync(rig);
        using var never = new CancellationTokenSource();
        var hold = Plexum.Codex.Molecule.Fault.Until(Task.Delay(Timeout.InfiniteTimeSpan, never.Token));

        rig.Platform.Faults.Next($"/workspaces/{rig.Peer("b").Id}/a2a", hold);
        rig.PeerSays("b", "before the reply");
        await rig.StatusAsync(inbox => inbox.Answered == 1);
        rig.Platform.Faults.Next($"/workspaces/{rig.Peer("c").Id}/a2a", Plexum.Codex.Molecule.Fault.CutAfter);
        rig.PeerSays("c", "reply taken and unknown");
        await rig.UntilAsync(() => rig.Got("c").Count == 1);
        rig.Platform.Faults.Next("/notify", Plexum.Codex.Molecule.Fault.CutAfter);
        rig.UserSays("shown and unknown");
        await rig.UntilAsync(() => rig.Shown.Count == 1);
        await rig.StatusAsync(inbox => inbox.Answered == 3);
        await RunAndWaitAsync(rig);
        rig.Platform.Faults.Always($"GET /workspaces/{rig.Workspace.Id}/activity", hold);
        rig.PeerSays("f", "before the journal");

        await rig.Daemon.KillAsync();
        rig.Platform.Faults.Clear();
        await GoOnAsync(rig);

        Assert.Equal(["echo: shown and unknown"], rig.Shown);
        AllOnce(rig, ("b", "before the reply"), ("c", "reply taken and unknown"), ("f", "before the journal"));
    }

    [Fact]
    public async Task M5_By_molecule_mcp_a_kill_of_the_daemon_loses_no_message_and_runs_codex_once_for_each()
    {
        await using var rig = new McpRig(Script);
        await BeginAsync(rig);

        rig.Molecule.Fault("delegate_task", "hold never");
        rig.PeerSays("b", "before the reply");
        await rig.StatusAsync(inbox => inbox.Answered == 1);
        rig.Molecule.Fault("inbox_pop", "always text Error: not now");
        rig.PeerSays("c", "between reply and pop");
        await rig.StatusAsync(inbox => inbox.Unacknowledged == 1);
        rig.Molecule.Fault("send_message_to_user", "die-after");
        rig.UserSays("shown and unknown");
        await rig.StatusAsync(inbox => inbox.Answered == 2 && inbox.LastError is not null);
        await RunAndWaitAsync(rig);
        var peeks = rig.Molecule.Calls("inbox_peek").Count();
        rig.Molecule.Fault("inbox_peek", "always hold never");
        await rig.UntilAsync(() => rig.Molecule.Calls("inbox_peek").Count() > peeks);
        rig.PeerSays("f", "before the journal");
        var cursor = Path.Combine(rig.Stage.Profile, "molecule-state", "mcp", FakeMoleculeStage.Workspace, ".mcp_inbox_cursor");
        await rig.UntilAsync(() => File.ReadAllText(cursor) == rig.Molecule.LastId);

        await rig.Daemon.KillAsync();
        await rig.UntilAsync(() => !rig.Molecule.Running().Any());
        rig.Molecule.ClearFaults();
        await GoOnAsync(rig);

        // The only thing that molecule-mcp gives no way to know.
        Assert.Equal(["echo: shown and unknown", "echo: shown and unknown"], rig.Shown);
        AllOnce(rig, ("b", "before the reply"), ("c", "between reply and pop"), ("f", "before the journal"));
    }

    private static async Task BeginAsync(MoleculeRig rig)
    {
        rig.Stage["PLEXUM_TURNS_MAX_RUNNING"] = "1";
        rig.Stage["PLEXUM_MOLECULE_FIRST_BACK_OFF"] = "10m";
        rig.Stage["PLEXUM_MOLECULE_LONGEST_BACK_OFF"] = "10m";
        await rig.Daemon.StartAsync();
        rig.PeerSays("a", "after the pop");
        await rig.UntilAsync(() => rig.Got("a").Count == 1);
        await rig.SettledAsync();
    }

    private static async Task RunAndWaitAsync(MoleculeRig rig)
    {
        rig.PeerSays("d", "codex RUNS");
        await rig.UntilAsync(() => Running(rig) is not null);
        rig.PeerSays("e", "behind the journal");
        await rig.StatusAsync(inbox => inbox.Received == 2);
    }

    private static string? Running(MoleculeRig rig) =>
        Directory.GetFiles(rig.Stage.Profile, "running", SearchOption.AllDirectories).SingleOrDefault();

    private static async Task GoOnAsync(MoleculeRig rig)
    {
        await rig.Daemon.StartAsync();
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(Running(rig)!)!, "go"), "");
        await rig.UntilAsync(() => "abcdef".All(peer => rig.Got(peer.ToString()).Count > 0));
        await rig.SettledAsync();
    }

    private static void AllOnce(MoleculeRig rig, params (string Peer, string Text)[] others)
    {
        foreach (var (peer, text) in others.Append(("a", "after the pop")).Append(("d", "codex RUNS")).Append(("e", "behind the journal")))
        {
            Assert.Equal([$"echo: {text}"], rig.Got(peer));
            Assert.Single(rig.Turns, turn => turn.Prompt.Trim() == text);
        }

        Assert.Single(rig.Turns, turn => turn.Prompt.Trim() == "shown and unknown");
    }
}
