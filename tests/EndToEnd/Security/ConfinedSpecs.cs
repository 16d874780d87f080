using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>A model's command wants what it must not read. All of that has the same word in it.</summary>
public sealed class ConfinedSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Word = "aubergine";
    private const string Confined = "codex.sandbox=confined";

    [Theory]
    [EachBackend]
    public async Task S2_A_command_brings_back_nothing_of_the_secrets_the_profile_or_another_agent(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, Confined);
        var diary = Put(rig.File("diary"));
        string[] wanted =
        [
            Put(Path.Combine(rig.Home, ".ssh", "id")),
            Put(Path.Combine(rig.Home, ".npmrc")),
            Put(Path.Combine(rig.Home, ".config", "gh", "hosts.yml")),
            Put(Path.Combine(rig.CodexHome, "auth.json"), $$"""{"note": "{{Word}}"}"""),
            Put(Path.Combine(rig.CodexHome, "sessions", "other.jsonl")),
            Put(Path.Combine(rig.Profile, "api-token")),
            Put(Path.Combine(rig.Workspace("bob"), "plan")),
        ];
        var attack =
            $"!run cat {string.Join(' ', wanted)} {Put(Path.Combine(rig.Workspace(), "own"), "mine")}; "
            + $"grep -rs {Word} {rig.Profile} {rig.CodexHome} {rig.Home}; cat ../../bob/workspace/plan; cat {diary}; echo tried\n!outputs";

        var first = (await rig.SayAsync(attack)).Succeeded();
        var resumed = (await rig.SayAsync(attack)).Succeeded();

        Assert.Equal(first.Thread, resumed.Thread);
        foreach (var text in new[] { first.Text, resumed.Text })
        {
            Assert.Contains("mine", text, StringComparison.Ordinal);
            Assert.Contains("tried", text, StringComparison.Ordinal);

            // The diary is nobody's secret yet.
            Assert.Equal(2, text.Split(Word).Length);
        }
    }

    [Theory]
    [EachBackend]
    public async Task S2_A_command_brings_back_nothing_of_the_user_s_other_profiles_or_from_behind_a_hidden_directory_s_links(
        BackendKind backend
    )
    {
        await using var rig = new CodexRig(model.Server, backend, Confined);
        string[] wanted =
        [
            Put(Path.Combine(rig.Home, ".plexum", "api-token")),
            Put(Path.Combine(rig.Home, ".plexum", "agents", "owner", "workspace", "plan")),
            Put(Path.Combine(rig.Home, ".codex-channel-molecule", "ledger.db")),
            Put(Path.Combine(rig.Home, ".molecule-token")),
            Put(Path.Combine(rig.Home, ".codex", "auth.json")),
            Put(rig.File("secrets/auth.json"), $$"""{"note": "{{Word}}"}"""),
            Put(rig.File("dotfiles/id")),
        ];
        Directory.CreateDirectory(Path.Combine(rig.Home, ".ssh"));
        File.CreateSymbolicLink(Path.Combine(rig.CodexHome, "auth.json"), wanted[^2]);
        File.CreateSymbolicLink(Path.Combine(rig.Home, ".ssh", "id"), wanted[^1]);

        var attack = $"!run cat {string.Join(' ', wanted)}; grep -rs {Word} {rig.Home}; echo tried\n!outputs";

        var turn = (await rig.SayAsync(attack)).Succeeded();

        Assert.Contains("tried", turn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S2_A_command_brings_back_nothing_that_the_owner_has_listed(BackendKind backend)
    {
        using var place = new TemporaryDirectory();
        var diary = place.Write("a \"quoted\" diary", Word);
        var listed = diary.Replace("\"", "\\\"", StringComparison.Ordinal);
        await using var rig = new CodexRig(model.Server, backend, Confined, $"codex.confined.deny-read=[\"{listed}\"]");

        var turn = (await rig.SayAsync($"!run cat '{diary}'; cat {place.Root}/*; echo tried\n!outputs")).Succeeded();

        Assert.Contains("tried", turn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S2_A_rule_that_lets_a_command_out_of_the_sandbox_does_not_let_it_read_what_is_hidden(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, Confined);
        Put(Path.Combine(rig.CodexHome, "rules", "default.rules"), "prefix_rule(pattern=[\"cat\"], decision=\"allow\")\n");
        var key = Put(Path.Combine(rig.Home, ".ssh", "id"));

        var turn = (await rig.SayAsync($"!run cat {key}\n!outputs")).Succeeded();

        Assert.Contains("Permission denied", turn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S2_A_trusted_workspace_cannot_open_the_sandbox_with_a_configuration_of_its_own(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, Confined);
        var key = Put(Path.Combine(rig.Home, ".ssh", "id"));
        Put(Path.Combine(rig.Workspace(), ".codex", "config.toml"), "sandbox_mode = \"danger-full-access\"\n");
        await File.AppendAllTextAsync(
            Path.Combine(rig.CodexHome, "config.toml"),
            $"[projects.\"{rig.Workspace()}\"]\ntrust_level = \"trusted\"\n"
        );

        var turn = (await rig.SayAsync($"!run cat {key}; echo tried\n!outputs")).Succeeded();

        Assert.Contains("tried", turn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S2_A_model_is_not_offered_the_tool_that_continues_any_agent_s_thread(BackendKind backend)
    {
        await using var confined = new CodexRig(model.Server, backend, Confined);
        await using var open = new CodexRig(model.Server, backend);

        Assert.DoesNotContain(await ToolsOfAsync(confined), IsForAgents);
        Assert.Contains(await ToolsOfAsync(open), IsForAgents);

        static bool IsForAgents(OfferedTool tool) => tool.Namespace?.Contains("agent", StringComparison.Ordinal) == true;

        async Task<IReadOnlyList<OfferedTool>> ToolsOfAsync(CodexRig rig)
        {
            var turn = (await rig.SayAsync("Hello.")).Succeeded();
            return model.Server.RequestsOf(turn.Thread)[0].Tools;
        }
    }

    [MountFact]
    public async Task S2_Where_the_system_permits_no_sandbox_the_turn_fails_and_no_command_runs()
    {
        await using var rig = new CodexRig(model.Server);
        using var say = ProgramProcess.Start(
            "unshare",
            [
                .. MountNamespace.Arguments,
                "/bin/sh",
                "-ec",
                "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$0\" \"$@\"",
                ProgramProcess.PlexumCodex,
                "say",
                "--agent",
                "alice",
                "--set",
                Confined,
                $"!run touch {rig.File("made")}\n!say done",
            ],
            rig.ProgramVariables
        );

        var end = await say.EndsAsync();

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("codex cannot confine commands here.", end.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(rig.File("made")));
    }

    private static string Put(string file, string content = Word)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }
}
