using System.Text.Json.Nodes;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.History;

/// <summary>What a command ran by itself is in the ledger, and can be read without a daemon.</summary>
public sealed class HistorySpecs : IDisposable
{
    private readonly HostStage _stage = new("thread", "turn", "say ${prompt}", "completed 100 10");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Turns_of_say_are_listed_summed_and_shown_without_a_daemon_and_by_the_next_one()
    {
        var said = await Task.WhenAll(_stage.RunAsync("say", "--agent", "alice", "one"), _stage.RunAsync("say", "--agent", "bob", "two"));
        Assert.All(said, end => Assert.Equal(0, end.ExitCode));

        var turns = (await DocumentAsync("turns", "--json"))["turns"]!.AsArray();
        Assert.Equal(["alice", "bob"], turns.Select(turn => (string)turn!["agent_id"]!).Order(StringComparer.Ordinal));
        Assert.All(turns, turn => Assert.Equal("ended", (string)turn!["state"]!));
        var agents = (await DocumentAsync("agents", "--json"))["agents"]!.AsArray();
        Assert.Equal(["alice", "bob"], agents.Select(agent => (string)agent!["agent_id"]!));
        Assert.All(agents, agent => Assert.NotNull(agent!["thread_id"]));
        Assert.Equal(2, (await DocumentAsync("usage", "--json"))["days"]!.AsArray().Sum(day => (int)day!["turns"]!));
        var alices = turns.Single(turn => (string)turn!["agent_id"]! == "alice")!;
        var events = await _stage.RunAsync("events", (string)alices["turn_id"]!);
        Assert.Equal((0, "one"), (events.ExitCode, events.Output.Trim()));

        await using var daemon = await _stage.StartDaemonAsync();
        Assert.Equal(2, (await daemon.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray().Count);
        Assert.Equal("ended", (string)(await daemon.Api.TurnAsync((string)alices["turn_id"]!))["state"]!);
    }

    [Fact]
    public async Task A_profile_without_turns_has_an_empty_history_and_gets_no_ledger()
    {
        Directory.CreateDirectory(_stage.Profile);

        var turns = await DocumentAsync("turns", "--json");

        Assert.Empty(turns["turns"]!.AsArray());
        Assert.False(File.Exists(Path.Combine(_stage.Profile, "ledger.db")));
    }

    [Fact]
    public async Task A_turn_whose_say_was_killed_is_taken_over_by_the_next_daemon_and_one_whose_say_lives_is_not()
    {
        _stage.Script(
            "touch " + _stage.File("${prompt}-runs"),
            "wait " + _stage.File("go"),
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        using var killed = _stage.Start("say", "--agent", "alice", "one");
        using var living = _stage.Start("say", "--agent", "bob", "two");
        await _stage.AppearsAsync("one-runs");
        await _stage.AppearsAsync("two-runs");
        killed.Signal(ProcessSignal.Kill);
        await killed.EndsAsync();
        await using var daemon = await _stage.StartDaemonAsync();

        _stage.Touch("go");

        Assert.Equal("two", (await living.EndsAsync()).Output.Trim());
        var turns = (await daemon.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray();
        var alices = turns.Single(turn => (string)turn!["agent_id"]! == "alice")!;
        Assert.Equal("end_turn", (string)(await daemon.Api.EndedAsync((string)alices["turn_id"]!))["stop_reason"]!);
        await daemon.Api.UntilAsync("/v1/status", status => (int)status["turns"]!["running"]! == 0);
    }

    [Fact]
    public async Task A_turn_of_app_server_whose_say_was_killed_beside_a_running_daemon_goes_on_and_is_heard_to_its_end()
    {
        _stage.Script("thread", "turn", "touch " + _stage.File("runs"), "wait " + _stage.File("go"), "say ${prompt}", "completed 1 1");
        using var killed = _stage.Start("say", "--agent", "alice", "--backend", "app-server", "one");
        await _stage.AppearsAsync("runs");
        await using var daemon = await _stage.StartDaemonAsync();
        killed.Signal(ProcessSignal.Kill);
        await killed.EndsAsync();
        await daemon.Api.UntilAsync("/v1/status", status => (int)status["turns"]!["running"]! == 1);

        _stage.Touch("go");

        var turn = (await daemon.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray().Single()!;
        Assert.Equal("end_turn", (string)(await daemon.Api.EndedAsync((string)turn["turn_id"]!))["stop_reason"]!);
        Assert.Single(_stage.Turns);
    }

    [Fact]
    public void An_owner_is_gone_once_its_process_is()
    {
        var own = ProcessIdentity.Read(Environment.ProcessId)!;

        Assert.False(CommandOwner.IsGone(CommandOwner.NameOf(own)));
        Assert.True(CommandOwner.IsGone(CommandOwner.NameOf(own with { StartedAt = own.StartedAt + 1 })));
        Assert.True(CommandOwner.IsGone(CommandOwner.NameOf(own with { BootId = "another" })));
        Assert.All(["local", "node-1", "", "command", "command:x:y:z"], owner => Assert.False(CommandOwner.IsGone(owner)));
    }

    private async Task<JsonObject> DocumentAsync(params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);
        Assert.True(end.ExitCode == 0, end.Errors);
        return JsonNode.Parse(end.Output)!.AsObject();
    }
}
