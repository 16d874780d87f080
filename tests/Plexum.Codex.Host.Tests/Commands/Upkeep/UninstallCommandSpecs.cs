using Plexum.Codex.AppServer.Running;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Commands.Upkeep;

public sealed class UninstallCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new("thread", "turn", "say x", "completed 1 1");

    public UninstallCommandSpecs()
    {
        Directory.CreateDirectory(_stage.File("bin"));
        File.WriteAllText(_stage.File("bin/systemctl"), $"#!/bin/sh\necho \"$@\" >> '{_stage.File("called")}'\n");
        File.SetUnixFileMode(_stage.File("bin/systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _stage["PATH"] = _stage.File("bin") + ":/usr/bin:/bin";
        _stage["HOME"] = _stage.File("user");
        _stage["XDG_CONFIG_HOME"] = null;
    }

    private string Unit => _stage.File("user/.config/systemd/user/plexum-codex.service");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_unit_is_stopped_and_removed_and_what_is_left_is_named()
    {
        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        Assert.True(File.Exists(Unit));

        var dry = await _stage.RunAsync("uninstall", "--dry-run");
        Assert.True(File.Exists(Unit));
        var end = await _stage.RunAsync("uninstall");

        Assert.Equal((0, 0), (dry.ExitCode, end.ExitCode));
        Assert.False(File.Exists(Unit));
        Assert.Equal(["--user disable --now plexum-codex.service", "--user daemon-reload"], File.ReadAllLines(_stage.File("called")));
        Assert.Contains(_stage.Profile, end.Output, StringComparison.Ordinal);
        Assert.Contains(_stage.CodexHome, end.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_stage.Profile, "plexum-codex.hocon")));
    }

    [Fact]
    public async Task A_purge_that_is_refused_has_removed_nothing()
    {
        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        await using var daemon = await _stage.StartDaemonAsync();

        var refused = await _stage.RunAsync("uninstall", "--purge");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Nothing was removed", refused.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Unit));
        Assert.False(File.Exists(_stage.File("called")));
    }

    [Fact]
    public async Task Without_systemd_the_unit_goes_with_the_link_that_enables_it()
    {
        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        var link = Path.Combine(Path.GetDirectoryName(Unit)!, "default.target.wants", Path.GetFileName(Unit));
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Unit);
        File.Delete(_stage.File("bin/systemctl"));
        File.WriteAllText(_stage.File("bin/systemctl"), "#!/bin/sh\nexit 1\n");
        File.SetUnixFileMode(_stage.File("bin/systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var end = await _stage.RunAsync("uninstall");

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(link)!));
        Assert.False(File.Exists(Unit));
    }

    [Fact]
    public async Task A_purge_says_what_it_deletes_spares_others_and_is_refused_while_a_daemon_runs()
    {
        await using (var daemon = await _stage.StartDaemonAsync())
        {
            await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("x"));
            Assert.Equal(2, (await _stage.RunAsync("uninstall", "--purge")).ExitCode);
            Assert.True(Directory.Exists(Path.Combine(_stage.Profile, "agents", "alice")));
            await daemon.StopAsync();
        }

        File.WriteAllText(Path.Combine(_stage.Profile, "plexum.json"), "{}");
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "replaced-keys"));
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "replaced-20260131T081500-0a1b2c"));
        LeaveAll();
        var end = await _stage.RunAsync("uninstall", "--purge");

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Contains("agents: 1", end.Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_stage.Profile, "ledger.db"), end.Output, StringComparison.Ordinal);
        Assert.Equal(
            [".probe-x", "api-tokens.json.old.tmp", "plexum.json", "replaced-keys"],
            Directory.EnumerateFileSystemEntries(_stage.Profile).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_purge_leaves_no_app_server_without_its_record()
    {
        var self = ProcessIdentity.Read(Environment.ProcessId)!;
        var place = new ServerPlace(Path.Combine(ServerPlace.AllOf(_stage.Profile), "0a1b2c3d4e5f"));
        Directory.CreateDirectory(place.Root);
        new ServerRecord
        {
            Binary = "codex",
            Version = "0.171.0",
            StartedAt = DateTimeOffset.UnixEpoch,
            Socket = place.Socket,
            Pid = self.Pid,
            PidStartedAt = self.StartedAt,
            BootId = self.BootId,
        }.Save(place);

        var refused = await _stage.RunAsync("uninstall", "--purge");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(FormattableString.Invariant($"still runs: process {self.Pid}."), refused.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(place.RecordFile));
    }

    // All that this program may leave in a profile, also when it is killed, and what only looks like it.
    private void LeaveAll()
    {
        const string Id = "0123456789abcdef0123456789abcdef";
        string[] directories = ["app-server/0a1b2c3d4e5f", "molecule/w1", "molecule-state/mcp/w1", $"threads.{Id}.tmp"];
        string[] files =
        [
            "app-server/0a1b2c3d4e5f.lock",
            "ledger.db.damaged",
            $"ledger.db.damaged.{Id}.tmp",
            "ledger.db.new-wal",
            $"api-tokens.json.{Id}.tmp",
            $"restore-unfinished.json.{Id}.tmp",
            $".probe-{Id}",
            $"logs/.probe-{Id}",
            ".probe-x",
            "api-tokens.json.old.tmp",
        ];
        foreach (var directory in directories)
        {
            Directory.CreateDirectory(Path.Combine(_stage.Profile, directory));
        }

        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(_stage.Profile, file), "");
        }
    }
}
