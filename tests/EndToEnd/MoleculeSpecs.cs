using Plexum.Codex.Molecule;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

/// <summary>The real codex answers a workspace of the molecule platform.</summary>
public sealed class MoleculeSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task A_canvas_user_is_answered_in_one_thread_and_a_peer_in_its_own_with_a_stable_id(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        await using var platform = await FakePlatform.StartAsync();
        var workspace = platform.AddWorkspace("codex");
        var peer = platform.AddWorkspace("peer");
        await using var daemon = new DaemonProcess(rig.Profile, () => rig.ProgramVariables.Concat(
                new Dictionary<string, string?>
                {
                    ["WORKSPACE_ID"] = workspace.Id,
                    ["PLATFORM_URL"] = platform.Url,
                    ["MOLECULE_WORKSPACE_TOKEN"] = workspace.Token,
                }
            ));
        daemon.Arguments[0] = "molecule";
        await daemon.StartAsync("molecule.poll-interval=50ms");

        workspace.UserSays("My first words.");
        await Limits.UntilAsync(() => workspace.Shown.Count == 1);
        workspace.UserSays("--my second words");
        var asked = platform.PeerSays(peer, workspace, "I am a peer.");
        await Limits.UntilAsync(() => workspace.Shown.Count == 2 && peer.Received.Count == 1);

        Assert.Equal(["My first words.", "--my second words"], workspace.Shown);
        Assert.Equal(new PeerMessage(ReplyId.Of(asked), workspace.Id, "I am a peer."), Assert.Single(peer.Received));
        var (first, second) = (
            await model.Server.WaitForPromptAsync("My first words."),
            await model.Server.WaitForPromptAsync("--my second words")
        );
        Assert.Equal(first.Request!.ThreadId, second.Request!.ThreadId);
        Assert.Equal(2, second.Request.UserTexts.Count);
        Assert.NotEqual(first.Request.ThreadId, (await model.Server.WaitForPromptAsync("I am a peer.")).Request!.ThreadId);
    }
}
