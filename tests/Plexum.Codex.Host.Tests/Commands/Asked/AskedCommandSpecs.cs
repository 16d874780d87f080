namespace Plexum.Codex.Host.Commands.Asked;

public sealed class AskedCommandSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    private readonly HostStage _stage = daemon.Stage;

    [Fact]
    public async Task A_sandbox_that_is_asked_for_is_that_of_the_turn()
    {
        var end = await _stage.RunAsync("say", "--agent", "confined", "--set", "codex.sandbox=read-only", "in a sandbox");

        Assert.Equal((0, "in a sandbox\n"), (end.ExitCode, end.Output));
        Assert.Contains("sandbox_mode=\"read-only\"", _stage.Turns.Single(call => call.Prompt.Trim() == "in a sandbox").Argv);
    }

    [Theory]
    [InlineData("say", "--agent", "refused", "hello")]
    [InlineData("turns")]
    public async Task What_the_daemon_cannot_give_is_refused(params string[] arguments)
    {
        var end = await _stage.RunAsync([arguments[0], "--set", "turns.max-output=2GiB", .. arguments[1..]]);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("turns.max-output = 2GiB, and the daemon has 1GiB", end.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_stage.Profile, "agents", "refused")));
    }

    [Fact]
    public async Task A_turn_learns_of_a_file_that_was_changed_since_the_daemon_started()
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
}
