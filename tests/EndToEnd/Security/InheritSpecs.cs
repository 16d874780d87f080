using Plexum.Codex.Events;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>The user's own permission profile hides a diary from commands.</summary>
public sealed class InheritSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Word = "aubergine";

    [Theory]
    [EachBackend]
    public async Task S3_With_inherit_a_command_reads_nothing_that_the_user_s_own_permissions_hide(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "codex.sandbox=inherit");
        var attack = await HideAsync(rig);

        var first = (await rig.SayAsync(attack)).Succeeded();
        var resumed = (await rig.SayAsync(attack)).Succeeded();

        Assert.Equal(first.Thread, resumed.Thread);
        Assert.All([first, resumed], turn => Assert.DoesNotContain(Word, turn.Text, StringComparison.Ordinal));
        Assert.All([first, resumed], turn => Assert.Contains("tried", turn.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(NoticeCodes.SandboxOverridden, first.NoticeCodes);
    }

    [Theory]
    [EachBackend]
    public async Task S3_A_turn_that_reads_it_all_the_same_has_said_that_the_user_s_permissions_do_not_hold(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var attack = await HideAsync(rig);

        var turn = (await rig.SayAsync(attack)).Succeeded();

        Assert.Contains(Word, turn.Text, StringComparison.Ordinal);
        Assert.Contains("default_permissions = \"mine\"", turn.Notice(NoticeCodes.SandboxOverridden), StringComparison.Ordinal);
    }

    private static async Task<string> HideAsync(CodexRig rig)
    {
        var diary = rig.File("diary");
        await File.WriteAllTextAsync(diary, Word);
        await File.AppendAllTextAsync(
            Path.Combine(rig.CodexHome, "config.toml"),
            $"""
            default_permissions = "mine"

            [permissions.mine]
            extends = ":workspace"

            [permissions.mine.filesystem]
            "{diary}" = "deny"
            """
        );
        return $"!run cat {diary}; echo tried\n!outputs";
    }
}
