using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security.Platform;

/// <summary>Where the platform's token cannot be kept secret, the channel does not start, and says what to do.</summary>
public sealed class PlatformTokenStartSpecs
{
    [MountFact]
    public async Task S5_A_token_that_stays_in_the_environment_is_refused()
    {
        await using var rig = await DirectRig.MakeAsync();
        var environment = rig.Stage.File("environ");
        rig.Daemon.Before = $"""
            printf 'MOLECULE_WORKSPACE_TOKEN=%s' "$MOLECULE_WORKSPACE_TOKEN" > '{environment}'
            mount --bind '{environment}' /proc/$$/environ
            """;

        rig.Daemon.Launch();
        var end = await rig.Daemon.EndsAsync();

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("MOLECULE_WORKSPACE_TOKEN cannot be cleared from the environment", end.Errors, StringComparison.Ordinal);
        Assert.Contains("set molecule.token-file", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Workspace.Token, end.Errors, StringComparison.Ordinal);
        Assert.Empty(rig.Platform.Requests);
    }

    [Fact]
    public async Task S5_Molecule_mcp_is_given_the_token_in_a_file_and_never_in_its_environment()
    {
        await using var rig = new McpRig("thread", "turn", "say echo: ${prompt}", "completed 1 1");
        rig.Stage["MOLECULE_WORKSPACES"] = $$"""[{"id":"{{FakeMoleculeStage.Workspace}}","token":"{{FakeMoleculeStage.Token}}"}]""";
        await rig.Daemon.StartAsync();
        rig.PeerSays("a", "hello");
        await rig.UntilAsync(() => rig.Got("a").Count == 1);
        await rig.Daemon.StopAsync();

        Assert.All(rig.Molecule.Starts(inbox: true).Concat(rig.Molecule.Starts(inbox: false)), start =>
        {
            var names = start["env"]!.AsArray().Select(name => (string)name!).ToArray();
            Assert.Contains("MOLECULE_WORKSPACE_TOKEN_FILE", names);
            Assert.DoesNotContain("MOLECULE_WORKSPACE_TOKEN", names);
            Assert.DoesNotContain("MOLECULE_WORKSPACES", names);
        });
        rig.Stage["MOLECULE_WORKSPACE_TOKEN_FILE"] = null;
        rig.Stage["MOLECULE_WORKSPACE_TOKEN"] = FakeMoleculeStage.Token;
        var end = await rig.Stage.RunAsync([.. rig.Daemon.Arguments]);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("the token cannot come from MOLECULE_WORKSPACE_TOKEN", end.Errors, StringComparison.Ordinal);
    }
}
