using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Running;

/// <summary>Where a version manager's shim is started, which runs the program that a file in its directory names.</summary>
public sealed class ShimPlaceSpecs : AgentTestKit
{
    private const string Choice = ".versions-of-spec";

    public ShimPlaceSpecs()
    {
        Script(
            "codex",
            $"""
            [ "$1" != exec ] || pwd >> '{Stage.File("places")}'
            if [ -e {Choice} ]; then exec "$(cat {Choice})" "$@"; fi
            exec '{FakeCodexStage.Binary}' "$@"
            """
        );
        Script("evil", $"touch '{Stage.File("escaped")}'\nexec '{FakeCodexStage.Binary}' \"$@\"");
        Binaries = new CodexBinarySource(Stage.File("codex"), null) { AsksInTrustedPlace = true };
    }

    [Fact]
    public void What_a_command_in_a_sandbox_wrote_into_the_workspace_does_not_choose_the_next_program()
    {
        Settings = Settings with { Sandbox = CodexSandbox.WorkspaceWrite };
        Run("first");

        File.WriteAllText(Path.Combine(Stage.Workspace, Choice), Stage.File("evil"));
        Run("second");

        Assert.False(File.Exists(Stage.File("escaped")));
        Assert.DoesNotContain(Stage.Workspace, File.ReadAllLines(Stage.File("places")));
        Assert.All(Stage.Turns, turn =>
        {
            Assert.Equal(["exec", "-C", Stage.Workspace], turn.Argv[..3]);
            Assert.Equal(Stage.Workspace, turn.Cwd);
        });
        Assert.Equal("resume", Stage.Turns[1].Argv[3]);
    }

    [Fact]
    public void Without_a_sandbox_a_script_is_started_in_the_workspace()
    {
        Run("first");

        Assert.Equal([Stage.Workspace], File.ReadAllLines(Stage.File("places")));
        Assert.DoesNotContain("-C", Assert.Single(Stage.Turns).Argv);
    }

    [Fact]
    public void Codex_itself_is_started_in_the_workspace()
    {
        Settings = Settings with { Sandbox = CodexSandbox.WorkspaceWrite };
        Binaries = new CodexBinarySource(FakeCodexStage.Binary, null);

        Run("first");

        var turn = Assert.Single(Stage.Turns);
        Assert.DoesNotContain("-C", turn.Argv);
        Assert.Equal(Stage.Workspace, turn.Cwd);
    }

    private void Script(string name, string script)
    {
        var path = Stage.File(name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
