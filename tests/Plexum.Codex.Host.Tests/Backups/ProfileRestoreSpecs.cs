using System.Collections.Immutable;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Backups;

/// <summary>A restore that fails or is killed leaves the profile as it was, at the latest when the next one begins.</summary>
public sealed class ProfileRestoreSpecs : IDisposable
{
    private const string Rollout = "sessions/2026/01/31/rollout-2026-01-31T08-15-00-0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl";
    private const string Thread = "0199a213-81c0-7800-8aa1-bbab2a035a53";

    private const string Text = """{"timestamp":"2026-01-31T08:15:00Z","type":"session_meta","payload":{}}""" + "\n";

    private readonly ProfileOfTest _profile = new();
    private readonly TemporaryDirectory _other = new();

    public ProfileRestoreSpecs()
    {
        _profile.Variables["CODEX_HOME"] = CodexHome;
        Write(Path.Combine(CodexHome, Rollout), Text);
        Write(In("agents/alice/workspace/work"), "backed up");
        Write(In($"threads/{Thread}"), "alice");
        _profile.WriteSettings("plexum.turns.timeout = 7m\n");
        _profile.WritePluginConfig("{}");
        new BackupWriter(_profile.Load(), TimeProvider.System).Write(Archive);

        Directory.Delete(In("agents"), recursive: true);
        Directory.Delete(CodexHome, recursive: true);
        Directory.CreateDirectory(CodexHome);
        Write(In("agents/bob/workspace/work"), "of now");
    }

    private string Archive => _other.File("backup.tar");

    private string CodexHome => _other.File("codex");

    private ProfileRestore Restore => new(_profile.Profile, CodexHome, TimeProvider.System);

    public void Dispose()
    {
        _profile.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void It_brings_back_what_was_backed_up()
    {
        var summary = Restore.Restore(Archive, replaces: true);

        Assert.Equal("backed up", File.ReadAllText(In("agents/alice/workspace/work")));
        Assert.Equal(Text, File.ReadAllText(Path.Combine(CodexHome, Rollout)));
        Assert.Equal("of now", File.ReadAllText(Path.Combine(summary.Aside!, "agents/bob/workspace/work")));
        Assert.Equal(1, summary.Rollouts);
        Assert.False(summary.Undone);
        AssertNothingIsUnfinished();
    }

    [Fact]
    public void A_move_that_fails_undoes_those_before_it()
    {
        // The plugin's configuration comes in after the agents, and has no directory to go to.
        Directory.Delete(In("plugins"), recursive: true);
        Write(In("plugins"), "a file");

        var failed = Assert.Throws<CodexException>(() => Restore.Restore(Archive, replaces: true));

        Assert.Contains("as it was", failed.Message, StringComparison.Ordinal);
        AssertIsAsItWas();
    }

    [Fact]
    public void What_a_killed_restore_has_moved_keeps_daemons_away_and_is_moved_back_by_the_next()
    {
        var moves = Interrupt();
        moves.Do();
        AssertIsRefusedAndUndone();

        Assert.True(Restore.Restore(Archive, replaces: true) is { Undone: false, Aside: not null });
        Assert.True(File.Exists(In("agents/alice/workspace/work")));
    }

    [Fact]
    public void So_is_what_one_had_moved_that_was_killed_halfway()
    {
        var moves = Interrupt();
        Directory.CreateDirectory(In(moves.Aside));
        Directory.Move(In("agents"), In($"{moves.Aside}/agents"));

        AssertIsRefusedAndUndone();
    }

    [Fact]
    public void A_rollout_that_has_grown_since_a_killed_restore_is_kept()
    {
        Interrupt().Do();
        File.AppendAllText(Path.Combine(CodexHome, Rollout), "{}\n");

        Assert.Throws<CodexException>(() => Restore.Restore(Archive, replaces: false));

        Assert.Equal(Text + "{}\n", File.ReadAllText(Path.Combine(CodexHome, Rollout)));
    }

    // As a restore does until it is killed.
    private RestoreMoves Interrupt()
    {
        var staging = RestoreNames.NewStaging();
        Directory.CreateDirectory(In(staging));
        new BackupReader(In(staging)).Unpack(Archive);
        ImmutableArray<string> names = ["agents", "threads", "plexum-codex.hocon"];
        var moves = new RestoreMoves(
            _profile.Profile,
            CodexHome,
            staging,
            RestoreNames.NewAside(DateTimeOffset.UnixEpoch),
            names,
            names,
            [Rollout]
        );
        RestoreJournal.Write(moves);
        return moves;
    }

    private void AssertIsRefusedAndUndone()
    {
        Assert.Throws<CodexException>(() => _profile.Profile.Prepare());
        Assert.Throws<CodexException>(() => DaemonLock.Acquire(_profile.Profile));

        var refused = Assert.Throws<CodexException>(() => Restore.Restore(Archive, replaces: false));

        Assert.Contains("interrupted", refused.Message, StringComparison.Ordinal);
        AssertIsAsItWas();
        DaemonLock.Acquire(_profile.Profile).Dispose();
    }

    private void AssertIsAsItWas()
    {
        Assert.Equal("of now", File.ReadAllText(In("agents/bob/workspace/work")));
        Assert.False(Directory.Exists(In("agents/alice")));
        Assert.True(File.Exists(In($"threads/{Thread}")));
        Assert.Equal("plexum.turns.timeout = 7m\n", File.ReadAllText(_profile.Profile.SettingsFile));
        Assert.Empty(Directory.EnumerateFiles(CodexHome, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_profile.Profile.Root, "replaced-*"));
        AssertNothingIsUnfinished();
    }

    private void AssertNothingIsUnfinished() =>
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_profile.Profile.Root).Select(Path.GetFileName), name =>
            name!.StartsWith(".restore-", StringComparison.Ordinal) || name == "restore-unfinished.json"
        );

    private string In(string name) => Path.Combine(_profile.Profile.Root, name);

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
