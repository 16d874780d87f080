using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

public sealed class SettingsSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend("gpt-5.1-codex-mini", "gpt-5.1-codex-mini")]
    [EachBackend("fast", "gpt-5-nano")]
    [EachBackend("codex", "gpt-5")]
    [EachBackend("", "gpt-5")]
    [EachBackend(null, "gpt-5")]
    public async Task The_model_that_a_host_asks_for_is_the_one_that_codex_asks(BackendKind backend, string? asked, string expected)
    {
        await using var rig = new CodexRig(model.Server, backend, "codex.model-args.fast=gpt-5-nano");
        var turn = (await rig.SayAsync("Hello.", model: asked)).Said("Hello.");

        Assert.Equal(expected, Assert.Single(model.Server.RequestsOf(turn.Thread)).Model);
    }

    [Theory]
    [EachBackend("read-only")]
    [EachBackend("workspace-write")]
    public async Task A_sandbox_holds_in_new_and_resumed_threads(BackendKind backend, string sandbox)
    {
        await using var rig = new CodexRig(model.Server, backend, $"codex.sandbox={sandbox}");
        var outside = rig.File("outside");
        var first = (await rig.SayAsync($"!run touch '{outside}'\n!say done")).Said("done");
        var second = (await rig.SayAsync($"!run touch '{outside}'; touch inside\n!say done")).Said("done");

        Assert.Equal(first.Thread, second.Thread);
        if (sandbox == "read-only")
        {
            Assert.False(File.Exists(outside));
            Assert.False(File.Exists(Path.Combine(rig.Workspace(), "inside")));
        }
    }

    [Theory]
    [EachBackend]
    public async Task Without_a_sandbox_the_model_works_where_it_likes(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var outside = rig.File("outside");
        (await rig.SayAsync($"!run touch '{outside}'\n!say done")).Said("done");

        Assert.True(File.Exists(outside));
    }

    [Theory]
    [EachBackend]
    public async Task Extra_arguments_reach_codex(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "codex.extra-args=[\"-c\", \"model=another-model\"]");
        var turn = (await rig.SayAsync("Hello.")).Said("Hello.");

        Assert.Equal("another-model", Assert.Single(model.Server.RequestsOf(turn.Thread)).Model);
    }
}
