using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

/// <summary>A workspace is deleted under the turns that are to work in it.</summary>
public sealed class WorkspaceGoneSpecs : DaemonProcessTest
{
    private string Workspace => new AgentDirectory(Daemon.Profile, AgentId.Parse("alice")).DefaultWorkspace;

    [Fact]
    public async Task Turns_whose_workspace_is_deleted_while_the_daemon_is_killed_run_and_one_says_that_it_was_made_anew()
    {
        var turns = await SubmitThreeAsync();
        Directory.Delete(Workspace, recursive: true);
        await Daemon.RestartAsync();
        Stage.Touch("go");

        var all = new List<IReadOnlyList<SseEvent>>();
        foreach (var turn in turns)
        {
            all.Add(await Daemon.Api.EventsAsync(turn));
        }

        Assert.All(all, events => events.AreWhole());
        Assert.All(all, events => Assert.Equal("end_turn", events.StopReason()));
        Assert.Equal(["1", "2", "3"], all.SelectMany(events => events.Texts()));
        Assert.Equal([false, true, false], all.Select(events => CodesOf(events).Contains("workspace_made_anew")));
        Assert.Single(all.Select(events => events.Thread()).Distinct());
        Assert.Equal(3, Stage.Turns.Count);
        Assert.DoesNotContain("workspace_made_anew", CodesOf(await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("4"))));
    }

    [Fact]
    public async Task Where_the_settings_refuse_it_the_turns_end_with_an_error_and_new_ones_are_refused_until_it_is_back()
    {
        var turns = await SubmitThreeAsync();
        Directory.Delete(Workspace, recursive: true);
        await Daemon.KillAsync();
        await Daemon.StartAsync("turns.missing-workspace=refuse");
        Stage.Touch("go");

        var error = (await Daemon.Api.EventsAsync(turns[1])).Single(e => e.Type == "error").Json;
        Assert.Equal(("workspace_gone", "workspace"), ((string)error["code"]!, (string)error["class"]!));
        await Daemon.Api.EventsAsync(turns[2]);
        var why = (await Daemon.Api.TrySubmitAsync("4")).Problem(422, "workspace_gone");
        Assert.Contains(Workspace, why, StringComparison.Ordinal);
        Assert.Contains("turns.missing-workspace", why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Workspace));
        Directory.CreateDirectory(Workspace);
        Assert.Equal("end_turn", (await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("5"))).StopReason());
    }

    private static IEnumerable<string> CodesOf(IEnumerable<SseEvent> events) =>
        events.Where(e => e.Type == "notice").Select(e => (string)e.Json["code"]!);

    private async Task<string[]> SubmitThreeAsync()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        await Daemon.StartAsync();
        string[] turns = [await Daemon.Api.SubmitAsync("1"), await Daemon.Api.SubmitAsync("2"), await Daemon.Api.SubmitAsync("3")];
        await Stage.AppearsAsync("ready");
        return turns;
    }
}
