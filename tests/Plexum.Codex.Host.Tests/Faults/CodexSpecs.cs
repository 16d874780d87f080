using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

/// <summary>codex goes, changes and dies while the daemon runs.</summary>
public sealed class CodexSpecs : DaemonTest
{
    private readonly string _program;

    public CodexSpecs()
        : base(
            "[prompt wait]",
            "thread",
            "touch ${cwd}/../ready",
            "wait ${cwd}/../go",
            "turn",
            "say ${prompt}",
            "completed 1 1",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        )
    {
        _program = Stage.Codex.File("codex");
        Install("one");
        Stage.Settings = Stage.Settings with { Binary = _program };
    }

    private string Place => Path.Combine(Stage.Profile.Agents, "alice");

    [Fact]
    public async Task A_codex_that_is_replaced_while_a_turn_runs_ends_that_turn_and_the_next_one_runs_the_new_one()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("wait");
        await ReadyAsync();
        Install("another");

        Go();

        Assert.Equal("end_turn", await EndOf(turn));
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("next")));
        Assert.Equal(["one", "another"], File.ReadAllLines(Stage.Codex.File("ran")));
    }

    [Fact]
    public async Task A_codex_that_is_removed_while_a_turn_runs_ends_that_turn_fails_the_next_with_its_path_and_is_found_again()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("wait");
        var next = await Stage.Api.SubmitAsync("next");
        await ReadyAsync();
        File.Delete(_program);

        Go();

        Assert.Equal("end_turn", await EndOf(turn));
        var failed = await Stage.Api.EventsAsync(next);
        Assert.Equal("codex_unavailable", (string)failed[^2].Json["code"]!);
        Assert.Contains(_program, (string)failed[^2].Json["message"]!, StringComparison.Ordinal);
        Install("again");
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("later")));
        Assert.Equal(["one", "again"], File.ReadAllLines(Stage.Codex.File("ran")));
    }

    [Fact]
    public async Task A_codex_that_has_become_too_old_fails_the_turn_with_both_versions_and_runs_once_it_is_new_enough()
    {
        await Stage.StartHostAsync();
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("1")));
        Install("old", "echo codex-cli 0.100.0");

        var failed = await Stage.Api.EventsAsync(await Stage.Api.SubmitAsync("2"));

        Assert.Equal("codex_unavailable", (string)failed[^2].Json["code"]!);
        Assert.Contains("codex 0.100.0", (string)failed[^2].Json["message"]!, StringComparison.Ordinal);
        Assert.Contains("is too old; 0.135.0 or newer", (string)failed[^2].Json["message"]!, StringComparison.Ordinal);
        Install("new");
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("3")));
        Assert.Equal(["one", "new"], File.ReadAllLines(Stage.Codex.File("ran")));
    }

    [Fact]
    public async Task A_codex_that_somebody_kills_ends_its_turn_with_the_signal_and_the_next_goes_on_in_the_thread()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("wait");
        await ReadyAsync();
        var log = Stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn));
        await Limits.UntilAsync(() => File.Exists(Path.Combine(Place, "workspace", ".plexum-codex-session")));
        ProcessProbe.Signal(Stage.Codex.Calls[^1].Pid, ProcessSignal.Kill);

        var events = await Stage.Api.EventsAsync(turn);

        Assert.True(File.Exists(log));
        Assert.Equal("error", (string)events[^1].Json["stop_reason"]!);
        Assert.Contains("SIGKILL", (string)events[^2].Json["message"]!, StringComparison.Ordinal);
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("next")));
        Assert.Equal(["exec", "resume", (string)events[^1].Json["thread_id"]!], Stage.Codex.Calls[^1].Argv[..3]);
    }

    [Fact]
    public async Task What_outlives_codex_is_told_of_and_neither_holds_up_the_next_turn_nor_is_killed()
    {
        Stage.Codex.Script("thread", "turn", "child ${cwd}/../child", "say done", "completed 1 1");
        await Stage.StartHostAsync();

        var events = await Stage.Api.EventsAsync(await Stage.Api.SubmitAsync("1"));

        var notice = Assert.Single(events, e => e.Type == "notice");
        var child = ProcessProbe.PidIn(Path.Combine(Place, "child"));
        Assert.Contains($" {child} (", (string)notice.Json["message"]!, StringComparison.Ordinal);
        Assert.True(ProcessProbe.IsRunning(child));
        Assert.Equal("end_turn", (string)events[^1].Json["stop_reason"]!);
        Stage.Codex.Script("thread", "turn", "say next", "completed 1 1");
        Assert.Equal("end_turn", await EndOf(await Stage.Api.SubmitAsync("2")));
        File.Delete(Path.Combine(Place, "child"));
    }

    // As an update does it: the new program gets the old one's name.
    private void Install(string name, string version = "exec \"$codex\" \"$@\"")
    {
        var next = _program + ".new";
        File.WriteAllText(
            next,
            $"""
            #!/bin/sh
            codex={FakeCodexStage.Binary}
            if [ "$1" = --version ]; then {version}; exit; fi
            echo {name} >> {Stage.Codex.File("ran")}
            exec "$codex" "$@"
            """
        );
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(next, _program, overwrite: true);
    }

    private async Task ReadyAsync() => await Limits.UntilAsync(() => File.Exists(Path.Combine(Place, "ready")));

    private void Go() => File.WriteAllText(Path.Combine(Place, "go"), "");

    private async Task<string> EndOf(string turn) => (string)(await Stage.Api.EventsAsync(turn))[^1].Json["stop_reason"]!;
}
