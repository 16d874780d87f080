using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>The daemon as <c>daemon</c> starts and stops it, with turns that go on meanwhile.</summary>
public sealed class DaemonServiceSpecs : IAsyncLifetime, IDisposable
{
    private readonly HostStage _stage = new("thread", "turn", "say ${prompt}", "completed 1 1");

    public DaemonServiceSpecs()
    {
        // No unit of whoever runs the tests.
        _stage["HOME"] = _stage.File("user");
        _stage["XDG_CONFIG_HOME"] = null;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stage.RunAsync("daemon", "stop");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task It_is_started_stopped_and_started_anew_and_a_turn_goes_on_meanwhile()
    {
        _stage.Script("thread", "turn", $"touch {_stage.File("ready")}", $"wait {_stage.File("go")}", "say ${prompt}", "completed 1 1");
        var start = await _stage.RunAsync("daemon", "start");
        Assert.True(start.ExitCode == 0, start.Errors);
        var again = await _stage.RunAsync("daemon", "start");
        Assert.Equal((0, start.Output), (again.ExitCode, again.Output));
        var turn = (await _stage.RunAsync("submit", "--agent", "alice", "hello")).Output.Trim();
        await _stage.AppearsAsync("ready");

        var restart = await _stage.RunAsync("daemon", "restart");
        _stage.Touch("go");
        var events = await _stage.RunAsync("events", turn, "--follow");
        var stop = await _stage.RunAsync("daemon", "stop");
        var gone = await _stage.RunAsync("daemon", "stop");

        Assert.True(restart.ExitCode == 0, restart.Errors);
        Assert.Contains("1 turn goes on without it", restart.Output, StringComparison.Ordinal);
        Assert.Contains("hello", events.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (events.ExitCode, stop.ExitCode));
        Assert.Contains("No daemon", gone.Output, StringComparison.Ordinal);
        Assert.Equal((0, 2), (gone.ExitCode, (await _stage.RunAsync("daemon", "status")).ExitCode));
        Assert.Contains("serve:", (await _stage.RunAsync("daemon", "logs", "-n", "20")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drain_waits_for_the_turn_that_runs_and_takes_no_other()
    {
        _stage.Script("thread", "turn", $"touch {_stage.File("ready")}", $"wait {_stage.File("go")}", "say x", "completed 1 1");
        await using var daemon = await _stage.StartDaemonAsync();
        var turn = await daemon.Api.SubmitAsync("hello");
        await _stage.AppearsAsync("ready");

        using var stop = _stage.Start("daemon", "stop", "--drain");
        await Limits.UntilAsync(
            async () => (await daemon.Api.TrySubmitAsync("more", "bob")).Status == 503,
            what: "the daemon takes no more turns"
        );
        Assert.False(stop.HasExited);
        _stage.Touch("go");
        var end = await stop.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Equal(0, (await daemon.EndsAsync()).ExitCode);
        Assert.Contains(_stage.LogOf("alice"), line => line.Contains("message_end", StringComparison.Ordinal));
        Assert.NotEmpty(turn);
    }

    [Fact]
    public async Task A_mistake_in_the_settings_keeps_nobody_from_looking_at_the_daemon_and_stopping_it()
    {
        await using var daemon = await _stage.StartDaemonAsync();
        await File.WriteAllTextAsync(Path.Combine(_stage.Profile, "plexum-codex.hocon"), "turns.timeuot = 4\n");

        var restart = await _stage.RunAsync("daemon", "restart");
        var status = await _stage.RunAsync("daemon", "status");
        var stop = await _stage.RunAsync("daemon", "stop");

        Assert.Equal((2, 0, 0), (restart.ExitCode, status.ExitCode, stop.ExitCode));
        Assert.Contains("accepts turns", status.Output, StringComparison.Ordinal);
        Assert.Contains("turns.timeuot", status.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_running_daemon_would_not_get_is_refused()
    {
        await using var daemon = await _stage.StartDaemonAsync("turns.timeout=5m");

        var refused = await _stage.RunAsync("daemon", "start", "--set", "turns.timeout=6m");
        var same = await _stage.RunAsync("daemon", "start", "--set", "turns.timeout=300s");
        var listen = await _stage.RunAsync("daemon", "start", "--listen", "127.0.0.1:1");

        Assert.Equal((2, 0, 2), (refused.ExitCode, same.ExitCode, listen.ExitCode));
        Assert.Contains("turns.timeout = 6m", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--listen 127.0.0.1:1", listen.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_from_another_environment_is_refused_while_the_daemon_runs_unless_it_is_wanted()
    {
        await _stage.RunAsync("daemon", "start");
        var pid = await PidAsync();
        _stage["OPENAI_API_KEY"] = "another-login";

        var refused = await _stage.RunAsync("daemon", "restart");

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("OPENAI_API_KEY", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(pid, await PidAsync());
        Assert.Equal(0, (await _stage.RunAsync("daemon", "restart", "--new-environment")).ExitCode);
        Assert.NotEqual(pid, await PidAsync());
    }

    [Fact]
    public async Task Without_a_login_a_turn_is_refused_with_the_command_and_runs_after_it()
    {
        File.Delete(Path.Combine(_stage.CodexHome, "auth.json"));
        await using var daemon = await _stage.StartDaemonAsync();

        await daemon.Api.UntilAsync("/v1/problems", IsLoginRefused);
        var started = await _stage.RunAsync("daemon", "start");
        var refused = await daemon.Api.TrySubmitAsync("hello");
        var said = await _stage.RunAsync("say", "--agent", "bob", "hello");
        File.WriteAllText(Path.Combine(_stage.CodexHome, "auth.json"), """{"OPENAI_API_KEY": "of-the-tests"}""");
        var events = await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("hello"));

        Assert.Contains("codex login", refused.Problem(422, "login_missing"), StringComparison.Ordinal);
        Assert.Equal((0, 2), (started.ExitCode, said.ExitCode));
        Assert.Contains("PROBLEM login_refused", started.Errors, StringComparison.Ordinal);
        Assert.Contains("codex login", said.Errors, StringComparison.Ordinal);
        Assert.Equal("end_turn", events.StopReason());
        Assert.Single(_stage.Turns);
        await daemon.Api.UntilAsync("/v1/problems", json => !IsLoginRefused(json));

        static bool IsLoginRefused(JsonNode json) =>
            json["problems"]!.AsArray().Any(problem => problem!["code"]!.GetValue<string>() == "login_refused");
    }

    private async Task<int> PidAsync()
    {
        using var api = new DaemonApi(Path.Combine(_stage.Profile, "plexum-codex.sock"));
        return (int)(await api.JsonAsync("/v1/status"))["pid"]!;
    }
}
