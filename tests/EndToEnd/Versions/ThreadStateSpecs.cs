using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.Options;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>What becomes of a thread in each state that codex tells apart, and in those that it does not, with each codex.</summary>
public sealed class ThreadStateSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private static readonly byte[] Foreign =
    [
        .. """{"timestamp":"2026-11-20T10:00:00.000Z","type":"event_msg","payload":{"type":"agent_message","message":"x"}}"""u8,
        (byte)'\n',
    ];

    public static TheoryData<BackendKind, string> Versions => CodexVersions.OnEachBackend;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Sessions_that_are_away_for_a_turn_cost_that_turn_and_not_the_thread(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var sessions = Path.Combine(rig.CodexHome, "sessions");
        Directory.Move(sessions, rig.File("away"));

        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.Unreachable, sessions);
        Directory.CreateDirectory(sessions);
        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.Unreachable, sessions);
        (await rig.SayAsync("Begun meanwhile.", "bob")).Succeeded();
        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.Unreachable, sessions);
        Directory.Delete(sessions, recursive: true);
        Directory.Move(rig.File("away"), sessions);

        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_rollout_that_codex_does_not_load_is_named_and_continues_once_it_is_mended(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var rollout = rig.RolloutsOf(own).Single();
        var whole = await File.ReadAllBytesAsync(rollout);
        await rig.ReleaseAsync(own);

        foreach (
            var (damaged, fault) in new (byte[], string)[]
            {
                ([0xEF, 0xBB, 0xBF, .. whole], "byte order mark"),
                ([.. whole, .. Foreign], "ordinal"),
                ([], "empty"),
                (whole[(Array.IndexOf(whole, (byte)'\n') + 1)..], "session_meta"),
                (Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), "UTF-16"),
            }
        )
        {
            await File.WriteAllBytesAsync(rollout, damaged);
            var failed = await rig.SayAsync("!recall");
            Kept(failed, own, ThreadProblem.Unreadable, rollout);
            Assert.Contains(fault, failed.Error!.Message, StringComparison.Ordinal);
            Assert.Contains(" codex says: ", failed.Error.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(rollout));
        }

        await File.WriteAllBytesAsync(rollout, whole);
        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_repairs_that_are_told_repair(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var rollout = rig.RolloutsOf(own).Single();
        var whole = await File.ReadAllBytesAsync(rollout);
        await rig.ReleaseAsync(own);

        foreach (var damaged in new byte[][] { [0xEF, 0xBB, 0xBF, .. whole], [.. whole, .. Foreign, .. Foreign] })
        {
            await File.WriteAllBytesAsync(rollout, damaged);
            var message = (await rig.SayAsync("!recall")).Error!.Message;
            await ShellAsync(rig, message[(message.LastIndexOf('\n') + 1)..]);
            Assert.Equal(whole, await File.ReadAllBytesAsync(rollout));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_archived_thread_is_brought_back_by_the_command_that_is_told(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        await rig.ReleaseAsync(own);
        await CodexAsync(rig, "archive", own.ToString()!);

        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.Archived, $"CODEX_HOME='{rig.CodexHome}' codex unarchive {own}");

        await CodexAsync(rig, "unarchive", own.ToString()!);
        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_thread_that_codex_deleted_gives_way_to_a_new_one(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        (await rig.SayAsync("A neighbour.", "bob")).Succeeded();
        var own = (await rig.SayAsync("Forget me.")).Said("Forget me.").Thread;
        await rig.ReleaseAsync(own);
        await CodexAsync(rig, "delete", own.ToString()!, "--force");

        var fresh = (await rig.SayAsync("Hello.")).Said("Hello.");

        Assert.Contains(NoticeCodes.ThreadLost, fresh.NoticeCodes);
        Assert.NotEqual(own, fresh.Thread);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_rollout_where_codex_does_not_look_is_told_with_its_place(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var rollout = rig.RolloutsOf(own).Single();
        var folder = Directory.CreateDirectory(Path.Combine(rig.CodexHome, "sessions", "2020", "01", "01")).FullName;
        var elsewhere = Path.Combine(folder, Path.GetFileName(rollout));
        File.Move(rollout, elsewhere);
        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.Unreachable, elsewhere);
        File.Move(elsewhere, rollout);

        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    // It moves the damaged index away when it starts, and makes a new one (measured on 0.169.0 and 0.171.0).
    [Theory]
    [InlineData(PinnedCodex.Pinned)]
    [InlineData(PinnedCodex.Newest)]
    public async Task A_damaged_index_costs_a_warm_codex_nothing(string version)
    {
        await using var rig = CodexVersions.Rig(model, BackendKind.AppServer, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        await rig.System.DisposeAsync();
        await AppServers.KillAsync(rig.Profile);
        await DamageIndexAsync(rig);

        await using var next = rig.StartSystem();
        Assert.Equal(own, (await rig.Begin("!recall", system: next).EndAsync()).Said("Remember me.").Thread);
    }

    [Theory]
    [InlineData(PinnedCodex.Pinned)]
    [InlineData(PinnedCodex.Newest)]
    public async Task An_index_that_exec_cannot_use_is_told_and_the_thread_kept(string version)
    {
        await using var rig = CodexVersions.Rig(model, BackendKind.Exec, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var index = await DamageIndexAsync(rig);
        Kept(await rig.SayAsync("!recall"), own, ThreadProblem.StateUnusable, rig.CodexHome);
        File.Delete(index);

        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_thread_of_another_model_provider_waits_until_that_is_codex_s_again(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var own = (await rig.SayAsync("Remember me.")).Said("Remember me.").Thread;
        var config = Path.Combine(rig.CodexHome, "config.toml");
        var whole = await File.ReadAllTextAsync(config);
        var renamed = whole.Replace("loopback", "other", StringComparison.Ordinal);
        var both =
            whole.Replace("model_provider = \"loopback\"", "model_provider = \"other\"", StringComparison.Ordinal)
            + "model_providers.other = { name = \"other\", base_url = \"http://127.0.0.1:9/v1\", wire_api = \"responses\" }\n";

        foreach (var (changed, providers) in new (string, string[])[] { (renamed, ["“loopback”"]), (both, ["`loopback`", "`other`"]) })
        {
            await File.WriteAllTextAsync(config, changed);
            var failed = await rig.SayAsync("!recall");
            Kept(failed, own, ThreadProblem.OtherProvider, config);
            Assert.Equal((TurnErrorClass.Session, false), (failed.Error!.Class, failed.Error.Retryable));
            Assert.All(providers, provider => Assert.Contains(provider, failed.Error.Message, StringComparison.Ordinal));
        }

        await File.WriteAllTextAsync(config, whole);
        Assert.Equal(own, (await rig.SayAsync("!recall")).Said("Remember me.").Thread);
    }

    private static async Task<string> DamageIndexAsync(CodexRig rig)
    {
        var index = Path.Combine(rig.CodexHome, "state_5.sqlite");
        File.Delete(index + "-wal");
        File.Delete(index + "-shm");
        await File.WriteAllTextAsync(index, "damaged");
        return index;
    }

    private static void Kept(FinishedTurn turn, ThreadId? thread, string code, string named)
    {
        Assert.Equal((code, thread), (turn.Error?.Code, turn.Thread));
        Assert.Contains(named, turn.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeCodes.ThreadLost, turn.NoticeCodes);
    }

    private static async Task CodexAsync(CodexRig rig, params string[] arguments)
    {
        using var codex = ProgramProcess.Start(rig.Binary, arguments, rig.ProgramVariables);
        var end = await codex.EndsAsync();
        Assert.True(end.ExitCode == 0, end.Errors);
    }

    private static async Task ShellAsync(CodexRig rig, string command)
    {
        using var shell = ProgramProcess.Start("/bin/sh", ["-c", command], rig.ProgramVariables);
        var end = await shell.EndsAsync();
        Assert.True(end.ExitCode == 0, $"{command}: {end.Errors}");
    }
}
