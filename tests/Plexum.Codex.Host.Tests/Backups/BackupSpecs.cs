using System.Formats.Tar;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Archiving;

namespace Plexum.Codex.Host.Backups;

/// <summary>A backup that is made while a daemon runs, and a profile that is lost and restored.</summary>
public sealed class BackupSpecs : IDisposable
{
    private const string Key = "the-same-request";

    private readonly HostStage _stage = new(
        "require-rollout",
        "thread",
        "turn",
        """rollout {"timestamp":"2026-01-31T08:15:00Z","type":"session_meta","payload":{}}""",
        "say ${prompt}",
        "completed 1 1"
    );

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_profile_that_is_lost_comes_back_with_turns_threads_keys_and_codex_s_rollouts()
    {
        var archive = _stage.File("profile.tar.zst");
        string turn;
        await using (var daemon = await _stage.StartDaemonAsync())
        {
            turn = await daemon.Api.SubmitAsync("remember me", "alice", Key);
            await daemon.Api.EventsAsync(turn);
            File.WriteAllText(Path.Combine(_stage.Profile, "plexum-codex.hocon"), "plexum.turns.timeout = 7m\n");
            var workspace = Path.Combine(_stage.Profile, "agents", "alice", "workspace");
            File.WriteAllText(Path.Combine(workspace, "work"), "done");
            File.CreateSymbolicLink(Path.Combine(workspace, "link"), "work");

            var written = await _stage.RunAsync("backup", archive);

            Assert.True(written.ExitCode == 0, written.Errors);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(archive));
            await daemon.StopAsync();
        }

        var names = Names(archive);
        Assert.DoesNotContain(names, name => Path.GetFileName(name) is "auth.json" or "api-token");
        Directory.Delete(_stage.Profile, recursive: true);
        Directory.Delete(Path.Combine(_stage.CodexHome, "sessions"), recursive: true);

        var restored = await _stage.RunAsync("restore", archive);
        var again = await _stage.RunAsync("restore", archive);

        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--replace", again.Errors, StringComparison.Ordinal);
        await using var next = await _stage.StartDaemonAsync();
        var refused = await _stage.RunAsync("restore", archive, "--replace");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("already running", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("done", File.ReadAllText(Path.Combine(_stage.Profile, "agents", "alice", "workspace", "link")));
        Assert.Contains("7m", (await _stage.RunAsync("config", "show")).Output, StringComparison.Ordinal);
        Assert.Equal(turn, await next.Api.SubmitAsync("remember me", "alice", Key));
        Assert.Equal("end_turn", (await next.Api.EventsAsync(turn)).StopReason());
        await next.Api.EventsAsync(await next.Api.SubmitAsync("go on", "alice"));
        Assert.Contains("resume", _stage.Turns[^1].Argv);
    }

    [Fact]
    public async Task What_a_profile_has_is_moved_aside_and_not_lost()
    {
        var archive = _stage.File("profile.tar");
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "one")).ExitCode);
        Assert.Equal(0, (await _stage.RunAsync("backup", archive)).ExitCode);
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "bob", "two")).ExitCode);

        var restored = await _stage.RunAsync("restore", archive, "--replace");

        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.False(Directory.Exists(Path.Combine(_stage.Profile, "agents", "bob")));
        var aside = Assert.Single(Directory.GetDirectories(_stage.Profile, "replaced-*"));
        Assert.True(Directory.Exists(Path.Combine(aside, "agents", "bob")));
        Assert.True(Directory.Exists(Path.Combine(_stage.Profile, "agents", "alice", "turns")));
    }

    [Fact]
    public async Task Nothing_takes_the_files_of_a_turn_that_runs_without_a_daemon()
    {
        var archive = _stage.File("profile.tar");
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "bob", "one")).ExitCode);
        Assert.Equal(0, (await _stage.RunAsync("backup", archive)).ExitCode);
        _stage.Script("thread", "turn", $"touch {_stage.File("ready")}", $"wait {_stage.File("go")}", "say x", "completed 1 1");
        string turn;
        await using (var daemon = await _stage.StartDaemonAsync())
        {
            turn = await daemon.Api.SubmitAsync("two", "alice");
            await _stage.AppearsAsync("ready");
            await daemon.StopAsync();
        }

        var restore = await _stage.RunAsync("restore", archive, "--replace");
        var purge = await _stage.RunAsync("uninstall", "--purge");
        _stage.Touch("go");

        Assert.Equal((2, 2), (restore.ExitCode, purge.ExitCode));
        Assert.Contains(turn, restore.Errors, StringComparison.Ordinal);
        Assert.Contains(turn, purge.Errors, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_stage.Profile, "agents", "alice", "turns", turn)));
    }

    [Fact]
    public async Task Another_command_that_has_the_profile_to_itself_is_not_stopped_as_a_daemon()
    {
        Directory.CreateDirectory(_stage.Profile);
        var lockFile = Path.Combine(_stage.Profile, "daemon.lock");
        using var other = _stage.StartOther("flock", "--no-fork", lockFile, "cat");
        await Limits.UntilAsync(() => LockHolder.Find(lockFile) is not null);

        var stop = await _stage.RunAsync("daemon", "stop");
        var restart = await _stage.RunAsync("daemon", "restart");

        Assert.Equal((2, 2), (stop.ExitCode, restart.ExitCode));
        Assert.Contains($"process {other.Id}", stop.Errors, StringComparison.Ordinal);
        Assert.False(other.HasExited);
    }

    [Fact]
    public async Task What_a_killed_backup_has_left_is_removed_by_the_next_and_what_others_have_is_not()
    {
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "one")).ExitCode);
        var left = _stage.File($"old.tar.zst.{new string('a', 32)}.tmp");
        File.WriteAllText(left, "");
        File.WriteAllText(left + ".ledger", "prompts");
        File.WriteAllText(_stage.File("old.tar.zst.tmp"), "");

        Assert.Equal(0, (await _stage.RunAsync("backup", _stage.File("new.tar"))).ExitCode);

        Assert.Equal(["old.tar.zst.tmp"], Directory.EnumerateFiles(_stage.Folder, "*.tmp*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_existing_file_and_one_in_the_profile_are_refused()
    {
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "one")).ExitCode);
        File.WriteAllText(_stage.File("there.tar"), "keep");

        Assert.Equal(2, (await _stage.RunAsync("backup", _stage.File("there.tar"))).ExitCode);
        Assert.Equal(2, (await _stage.RunAsync("backup", Path.Combine(_stage.Profile, "agents", "b.tar"))).ExitCode);
        Assert.Equal("keep", File.ReadAllText(_stage.File("there.tar")));
    }

    private static List<string> Names(string archive)
    {
        using var file = File.OpenRead(archive);
        using var unpacked = ZstdStreams.Unpack(file);
        using var tar = new TarReader(unpacked);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }
}
