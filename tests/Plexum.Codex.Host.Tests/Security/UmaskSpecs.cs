namespace Plexum.Codex.Host.Security;

/// <summary>What another user of the machine could read of what the daemon and codex leave behind, wherever it is.</summary>
public sealed class UmaskSpecs() : DaemonProcessTest("thread", "turn", "rollout {}", "touch made", "say ${prompt}", "completed 1 1")
{
    private const UnixFileMode GroupAndOthers = (UnixFileMode)0x3F;

    [Fact]
    public async Task S13_What_the_daemon_and_codex_create_is_the_owner_s_even_under_a_umask_of_0()
    {
        Daemon.Arguments.InsertRange(0, ["-c", "umask 000; exec \"$0\" \"$@\"", Daemon.Program]);
        Daemon.Program = "/bin/sh";
        await Daemon.StartAsync();
        await RunTurnAsync();

        var created = new[] { Stage.Profile, Stage.CodexHome }.SelectMany(EntriesOf).ToArray();

        Assert.Contains(Made, created);
        Assert.Contains(Path.Combine(Stage.Profile, "ledger.db"), created);
        Assert.Contains(created, path => path.StartsWith(Stage.CodexHome, StringComparison.Ordinal));
        Assert.All(created, path => Assert.Equal((path, UnixFileMode.None), (path, File.GetUnixFileMode(path) & GroupAndOthers)));
    }

    [Fact]
    public async Task Another_umask_is_codex_s_and_its_commands_alone()
    {
        await Daemon.StartAsync("codex.umask=022");
        await RunTurnAsync();

        Assert.Equal(UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(Made) & GroupAndOthers);
        Assert.All(EntriesOf(Stage.Profile).Where(path => path != Made), path =>
            Assert.Equal((path, UnixFileMode.None), (path, File.GetUnixFileMode(path) & GroupAndOthers))
        );
    }

    private string Made => Path.Combine(Stage.Profile, "agents", "alice", "workspace", "made");

    private static string[] EntriesOf(string directory) =>
        Directory.GetFileSystemEntries(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    private async Task RunTurnAsync() => await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("hello"));
}
