namespace Plexum.Codex.Host.Commands.Asked;

public sealed class AskedSettingsSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    private readonly HostStage _stage = daemon.Stage;

    [Fact]
    public async Task A_sandbox_that_is_asked_for_is_that_of_the_turn()
    {
        Script();

        var end = await _stage.RunAsync("say", "--agent", "confined", "--set", "codex.sandbox=read-only", "in a sandbox");

        Assert.Equal((0, "in a sandbox\n"), (end.ExitCode, end.Output));
        Assert.Contains("sandbox_mode=\"read-only\"", ArgvOf("in a sandbox"));
    }

    [Fact]
    public async Task So_is_a_sandbox_of_the_environment_and_of_a_prefixed_key()
    {
        Script();
        using (var say = StartWith("PLEXUM_CODEX_SANDBOX", "workspace-write", "say", "--agent", "confined-too", "of the environment"))
        {
            Assert.Equal(0, (await say.EndsAsync()).ExitCode);
        }

        var submitted = await _stage.RunAsync("submit", "--agent", "also", "--set", "plexum.codex.sandbox=read-only", "of a long key");
        await _stage.RunAsync("events", Assert.Single(submitted.Lines), "--follow");

        Assert.Contains("sandbox_mode=\"workspace-write\"", ArgvOf("of the environment"));
        Assert.Contains("sandbox_mode=\"read-only\"", ArgvOf("of a long key"));
    }

    [Fact]
    public async Task A_time_limit_that_is_asked_for_ends_the_turn()
    {
        _stage.Script("thread", "turn", "hang");

        var end = await _stage.RunAsync("say", "--agent", "limited", "--set", "turns.timeout=300ms", "--json", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("\"stop_reason\":\"timeout\"", end.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say", "--agent", "refused", "hello")]
    [InlineData("submit", "--agent", "refused", "hello")]
    [InlineData("turns")]
    [InlineData("status")]
    public async Task What_the_daemon_cannot_give_is_refused(params string[] arguments)
    {
        var end = await _stage.RunAsync([arguments[0], "--set", "turns.max-output=2GiB", .. arguments[1..]]);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("turns.max-output = 2GiB", end.Errors, StringComparison.Ordinal);
        Assert.Contains("the daemon has 1GiB", end.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_stage.Profile, "agents", "refused")));
    }

    [Fact]
    public async Task What_the_daemon_has_anyway_may_be_asked_for()
    {
        Script();

        string[] same = ["--set", "turns.timeout=600s", "--set", "turns.max-output=1024MiB"];
        var end = await _stage.RunAsync(["say", "--agent", "same", .. same, "hello"]);

        Assert.Equal((0, "hello\n"), (end.ExitCode, end.Output));
        Assert.DoesNotContain("settings", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_changes_how_turns_run_is_refused_and_one_that_does_not_is_left_alone()
    {
        Script();
        using var strict = StartWith("PLEXUM_CODEX_UMASK", "022", "say", "--agent", "variable", "hello");
        var end = await strict.EndsAsync();
        using var other = StartWith("PLEXUM_TURNS_QUEUE_LIMIT", "7", "say", "--agent", "variable", "hello");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("PLEXUM_CODEX_UMASK asks for codex.umask = 022", end.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await other.EndsAsync()).ExitCode);
    }

    [Fact]
    public async Task A_file_that_was_changed_since_the_daemon_started_is_told_of()
    {
        using var stage = new HostStage("thread", "turn", "say ${prompt}", "completed 1 1");
        await using var own = await stage.StartDaemonAsync();
        var file = Path.Combine(stage.Profile, "plexum-codex.hocon");
        await File.WriteAllTextAsync(file, "turns.max-stderr = 8MiB\ncodex.sandbox = read-only\n");

        var end = await stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal((0, "hello\n"), (end.ExitCode, end.Output));
        Assert.Contains("turns.max-stderr = 8MiB, and the daemon has 16MiB", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("codex.sandbox", end.Errors, StringComparison.Ordinal);
        Assert.Contains("sandbox_mode=\"read-only\"", Assert.Single(stage.Turns).Argv);
    }

    private void Script() => _stage.Script("thread", "turn", "say ${prompt}", "completed 1 1");

    private ProgramProcess StartWith(string variable, string value, params string[] arguments) =>
        _stage.StartInShell($"{variable}={value} exec \"$0\" \"$@\"", arguments);

    private string[] ArgvOf(string prompt) => _stage.Turns.Single(call => call.Prompt.Trim() == prompt).Argv;
}
