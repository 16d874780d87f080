namespace Plexum.Codex.EndToEnd;

public sealed class SettingsSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [InlineData("gpt-5.1-codex-mini", "gpt-5.1-codex-mini")]
    [InlineData("fast", "gpt-5-nano")]
    [InlineData("codex", "gpt-5")]
    [InlineData("", "gpt-5")]
    [InlineData(null, "gpt-5")]
    public async Task The_model_that_a_host_asks_for_is_the_one_that_codex_asks(string? asked, string expected)
    {
        await using var rig = new CodexRig(model.Server, "codex.model-args.fast=gpt-5-nano");
        var turn = (await rig.SayAsync("Hello.", model: asked)).Said("Hello.");

        Assert.Equal(expected, Assert.Single(model.Server.RequestsOf(turn.Thread)).Model);
    }

    [Theory]
    [InlineData("read-only")]
    [InlineData("workspace-write")]
    public async Task A_sandbox_holds_in_new_and_resumed_threads(string sandbox)
    {
        await using var rig = new CodexRig(model.Server, $"codex.sandbox={sandbox}");
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

    [Fact]
    public async Task Without_a_sandbox_the_model_works_where_it_likes()
    {
        await using var rig = new CodexRig(model.Server);
        var outside = rig.File("outside");
        (await rig.SayAsync($"!run touch '{outside}'\n!say done")).Said("done");

        Assert.True(File.Exists(outside));
    }

    [Fact]
    public async Task Extra_arguments_reach_codex()
    {
        await using var rig = new CodexRig(model.Server, "codex.extra-args=[\"-c\", \"model=another-model\"]");
        var turn = (await rig.SayAsync("Hello.")).Said("Hello.");

        Assert.Equal("another-model", Assert.Single(model.Server.RequestsOf(turn.Thread)).Model);
    }
}
