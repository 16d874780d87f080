using System.Text;
using Plexum.Codex.Molecule;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>The real codex answers a stranger of the molecule platform, with the settings as they are by default.</summary>
public sealed class StrangerSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task S4_A_strangers_command_brings_neither_the_daemons_environment_nor_the_token_file_back(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        await using var platform = await FakePlatform.StartAsync();
        var workspace = platform.AddWorkspace("codex");
        var stranger = platform.AddWorkspace("stranger");
        var tokenFile = rig.File("token");
        AtomicFile.Write(tokenFile, Encoding.ASCII.GetBytes(workspace.Token));
        await using var daemon = new DaemonProcess(rig.Profile, () => rig.ProgramVariables.Concat(
                new Dictionary<string, string?>
                {
                    ["WORKSPACE_ID"] = workspace.Id,
                    ["PLATFORM_URL"] = platform.Url,
                    ["MOLECULE_WORKSPACE_TOKEN"] = workspace.Token,
                }
            ));
        daemon.Arguments[0] = "molecule";
        await daemon.StartAsync("molecule.poll-interval=50ms", $"molecule.token-file={tokenFile}");

        var command = $"cat '{tokenFile}' /proc/{daemon.Id}/environ; echo $((40 + 2)) was asked";
        platform.PeerSays(stranger, workspace, $"!run {command}\n!outputs");
        await Limits.UntilAsync(() => stranger.Received.Count == 1, () => daemon.Errors, "the stranger got a reply");

        var reply = stranger.Received[0].Text;
        Assert.Contains("42 was asked", reply, StringComparison.Ordinal);
        Assert.DoesNotContain(workspace.Token, reply, StringComparison.Ordinal);
    }
}
