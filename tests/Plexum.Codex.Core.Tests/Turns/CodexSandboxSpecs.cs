using Xunit;

namespace Plexum.Codex.Turns;

public sealed class CodexSandboxSpecs
{
    [Fact]
    public void Every_sandbox_has_a_name_that_leads_back_to_it()
    {
        Assert.Equal(Enum.GetValues<CodexSandbox>(), CodexSandboxes.All.Select(pair => pair.Value));
        foreach (var sandbox in Enum.GetValues<CodexSandbox>())
        {
            Assert.True(CodexSandboxes.TryParse(sandbox.ToWireName(), out var parsed));
            Assert.Equal(sandbox, parsed);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("danger-full-access")]
    public void Other_names_are_none(string? name) => Assert.False(CodexSandboxes.TryParse(name, out _));

    [Theory]
    [InlineData(CodexSandbox.None, "none workspace-write read-only inherit confined")]
    [InlineData(CodexSandbox.WorkspaceWrite, "workspace-write read-only confined")]
    [InlineData(CodexSandbox.ReadOnly, "read-only")]
    [InlineData(CodexSandbox.Inherit, "inherit")]
    [InlineData(CodexSandbox.Confined, "confined")]
    public void A_setting_lets_a_request_ask_only_for_what_allows_nothing_more(CodexSandbox setting, string allowed) =>
        Assert.Equal(
            allowed.Split(' '),
            CodexSandboxes.All.Where(pair => pair.Value.IsAtLeastAsStrictAs(setting, confinedHasNetwork: false)).Select(pair => pair.Name)
        );

    [Theory]
    [InlineData(CodexSandbox.None, "none workspace-write read-only inherit confined")]
    [InlineData(CodexSandbox.WorkspaceWrite, "workspace-write read-only")]
    [InlineData(CodexSandbox.ReadOnly, "read-only")]
    [InlineData(CodexSandbox.Inherit, "inherit")]
    [InlineData(CodexSandbox.Confined, "confined")]
    public void Confined_commands_that_reach_the_network_may_more_than_others(CodexSandbox setting, string allowed) =>
        Assert.Equal(
            allowed.Split(' '),
            CodexSandboxes.All.Where(pair => pair.Value.IsAtLeastAsStrictAs(setting, confinedHasNetwork: true)).Select(pair => pair.Name)
        );
}
