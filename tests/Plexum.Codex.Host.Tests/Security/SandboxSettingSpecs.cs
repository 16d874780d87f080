using System.Text.Json.Nodes;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Security;

/// <summary>
/// A user has codex restrict its commands, in codex's own configuration. A setting of this program's must not undo that unsaid, and a
/// client must not undo the setting.
/// </summary>
public sealed class SandboxSettingSpecs : IAsyncLifetime, IAsyncDisposable
{
    private const string NoSandbox = "--dangerously-bypass-approvals-and-sandbox";
    private const string Restricted = "default_permissions = \"mine\"\n[permissions.mine]\nextends = \":read-only\"\n";

    private readonly HostStage _stage = new("login yes", "thread", "turn", "say ${prompt}", "completed 1 1");

    public Task InitializeAsync() => File.WriteAllTextAsync(Path.Combine(_stage.CodexHome, "config.toml"), Restricted);

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync()
    {
        _stage.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task S3_A_setting_that_undoes_the_user_s_permissions_is_told_once_in_a_thread()
    {
        var first = await _stage.RunAsync("say", "--agent", "alice", "--json", "hello");
        var second = await _stage.RunAsync("say", "--agent", "alice", "--json", "hello");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("\"code\":\"sandbox_overridden\"", first.Output, StringComparison.Ordinal);
        Assert.Contains("default_permissions = ", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sandbox_overridden", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3_A_command_that_runs_its_own_turn_does_not_relax_the_setting_either()
    {
        var sandbox = await _stage.RunAsync("say", "--agent", "alice", "--set", "codex.sandbox=read-only", "--sandbox", "none", "hello");
        var asking = await _stage.RunAsync(
            "say",
            "--agent",
            "alice",
            "--set",
            "approvals.policy=untrusted",
            "--approvals",
            "never",
            "hello"
        );

        Assert.Equal((2, 2), (sandbox.ExitCode, asking.ExitCode));
        Assert.Contains("codex.sandbox = read-only", sandbox.Errors, StringComparison.Ordinal);
        Assert.Contains("approvals.policy = untrusted", asking.Errors, StringComparison.Ordinal);
        Assert.Empty(_stage.Turns);
    }

    [Fact]
    public async Task S3_The_doctor_tells_a_setting_that_undoes_the_user_s_permissions()
    {
        var undone = await _stage.RunAsync("doctor");
        var kept = await _stage.RunAsync("doctor", "--set", "codex.sandbox=inherit");

        Assert.Contains(undone.Lines, line =>
            line.Contains("default_permissions = \"mine\"", StringComparison.Ordinal)
            && line.Contains("codex.sandbox is none", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(kept.Lines, line => line.Contains("default_permissions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S3_With_inherit_codex_is_told_nothing_that_goes_over_the_user_s_permissions()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "--json", "--set", "codex.sandbox=inherit", "hello");

        Assert.Equal(0, end.ExitCode);
        Assert.DoesNotContain("sandbox_overridden", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Assert.Single(_stage.Turns).Argv, argument =>
            argument == NoSandbox
            || argument.Contains("sandbox_mode", StringComparison.Ordinal)
            || argument.Contains("permissions", StringComparison.Ordinal)
            || argument.Contains("approval", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task S2_A_turn_that_cannot_be_confined_fails_and_codex_is_not_started()
    {
        _stage.Script("sandbox bwrap: No permissions to create a new namespace", "thread", "turn", "completed 1 1");

        var end = await _stage.RunAsync("say", "--agent", "alice", "--set", "codex.sandbox=confined", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(
            "codex cannot confine commands here. bwrap: No permissions to create a new namespace.",
            end.Errors,
            StringComparison.Ordinal
        );
        Assert.Empty(_stage.Turns);
    }

    [Theory]
    [InlineData("sandbox exit 1", "confined", "no  Commands are to be confined, and cannot be.")]
    [InlineData("sandbox exit 1", "none", "ok  No setting asks for confined commands, and they would not work: codex cannot confine")]
    [InlineData("# no problem", "confined", "ok  codex can confine commands here.")]
    public async Task S2_The_doctor_tries_whether_commands_can_be_confined(string line, string setting, string expected)
    {
        _stage.Script(line, "login yes", "thread", "turn", "say ${prompt}", "completed 1 1");

        var end = await _stage.RunAsync("doctor", "--set", $"codex.sandbox={setting}");

        Assert.Contains(end.Lines, line => line.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S3_A_client_cannot_undo_the_setting_but_may_ask_for_less()
    {
        await using var daemon = await _stage.StartDaemonAsync("codex.sandbox=workspace-write");

        (await SubmitAsync(daemon, "none")).Problem(422, "sandbox_too_weak");
        (await SubmitAsync(daemon, "inherit")).Problem(422, "sandbox_too_weak");
        Assert.Equal(202, (await SubmitAsync(daemon, "read-only")).Status);

        await Limits.UntilAsync(() => _stage.Turns.Count == 1);
        Assert.Contains("sandbox_mode=\"read-only\"", _stage.Turns[0].Argv);
    }

    [Fact]
    public async Task S3_A_waiting_turn_keeps_its_sandbox_over_a_restart_of_the_daemon()
    {
        _stage.Script("thread", "turn", $"wait {_stage.File("go")}", "completed 1 1");
        await using var daemon = await _stage.StartDaemonAsync();
        Assert.Equal(202, (await SubmitAsync(daemon, null)).Status);
        await Limits.UntilAsync(() => _stage.Turns.Count == 1);
        Assert.Equal(202, (await SubmitAsync(daemon, CodexSandbox.ReadOnly.ToWireName())).Status);

        await daemon.RestartAsync();
        _stage.Touch("go");

        await Limits.UntilAsync(() => _stage.Turns.Count == 2);
        Assert.Contains(NoSandbox, _stage.Turns[0].Argv);
        Assert.Contains("sandbox_mode=\"read-only\"", _stage.Turns[1].Argv);
    }

    [Fact]
    public async Task S3_A_waiting_turn_does_not_keep_a_sandbox_that_the_setting_has_since_forbidden()
    {
        _stage.Script("thread", "turn", $"wait {_stage.File("go")}", "completed 1 1");
        await using var daemon = await _stage.StartDaemonAsync();
        Assert.Equal(202, (await SubmitAsync(daemon, null)).Status);
        await Limits.UntilAsync(() => _stage.Turns.Count == 1);
        Assert.Equal(202, (await SubmitAsync(daemon, "none")).Status);

        await daemon.KillAsync();
        await daemon.StartAsync("codex.sandbox=read-only");
        _stage.Touch("go");

        await Limits.UntilAsync(() => _stage.Turns.Count == 2);
        Assert.DoesNotContain(NoSandbox, _stage.Turns[1].Argv);
        Assert.Contains("sandbox_mode=\"read-only\"", _stage.Turns[1].Argv);
    }

    [Fact]
    public async Task S4_A_strangers_turn_that_an_earlier_version_left_waiting_is_limited_like_a_new_one()
    {
        _stage.Script("thread", "turn", $"wait {_stage.File("go")}", "completed 1 1");
        await using var daemon = await _stage.StartDaemonAsync();
        Assert.Equal(202, (await SubmitAsync(daemon, null)).Status);
        await Limits.UntilAsync(() => _stage.Turns.Count == 1);
        Assert.Equal(202, (await SubmitAsync(daemon, null, RecoveredSandbox.InboxKey + "activity")).Status);

        await daemon.KillAsync();
        await daemon.StartAsync("codex.sandbox=none", "molecule.sandbox=read-only");
        _stage.Touch("go");

        await Limits.UntilAsync(() => _stage.Turns.Count == 2);
        Assert.DoesNotContain(NoSandbox, _stage.Turns[1].Argv);
        Assert.Contains("sandbox_mode=\"read-only\"", _stage.Turns[1].Argv);
    }

    private static Task<ApiAnswer> SubmitAsync(DaemonProcess daemon, string? sandbox, string? key = null) =>
        daemon.Api.PostAsync(
            "/v1/agents/alice/turns",
            new JsonObject
            {
                ["sandbox"] = sandbox,
                ["idempotency_key"] = key,
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" }),
            }
        );
}
