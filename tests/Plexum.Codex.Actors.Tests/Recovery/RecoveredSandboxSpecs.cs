using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Recovery;

public sealed class RecoveredSandboxSpecs
{
    [Theory]
    [InlineData(null, CodexSandbox.Confined, null)]
    [InlineData(CodexSandbox.ReadOnly, CodexSandbox.None, CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.ReadOnly, CodexSandbox.WorkspaceWrite, CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.None, CodexSandbox.ReadOnly, null)]
    [InlineData(CodexSandbox.Inherit, CodexSandbox.WorkspaceWrite, null)]
    [InlineData(CodexSandbox.ReadOnly, CodexSandbox.Confined, null)]
    public void A_clients_turn_keeps_what_it_asked_for_unless_the_setting_is_stricter(
        CodexSandbox? asked,
        CodexSandbox setting,
        CodexSandbox? expected
    ) => Assert.Equal(expected, Limited(asked, "a-key", new AgentSettings { Sandbox = setting, InboxSandbox = CodexSandbox.None }));

    [Theory]
    [InlineData(null, CodexSandbox.None, CodexSandbox.Confined, CodexSandbox.Confined)]
    [InlineData(null, CodexSandbox.ReadOnly, CodexSandbox.Confined, CodexSandbox.Confined)]
    [InlineData(null, CodexSandbox.ReadOnly, CodexSandbox.None, CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.ReadOnly, CodexSandbox.WorkspaceWrite, CodexSandbox.WorkspaceWrite)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.None, CodexSandbox.ReadOnly, CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.Confined, CodexSandbox.None, CodexSandbox.WorkspaceWrite, CodexSandbox.Confined)]
    public void A_strangers_turn_is_limited_by_the_inboxs_setting(
        CodexSandbox? asked,
        CodexSandbox setting,
        CodexSandbox inbox,
        CodexSandbox expected
    ) =>
        Assert.Equal(
            expected,
            Limited(asked, RecoveredSandbox.InboxKey + "1", new AgentSettings { Sandbox = setting, InboxSandbox = inbox })
        );

    [Fact]
    public void Confined_is_no_limit_to_a_stranger_where_it_reaches_the_network_and_the_setting_does_not() =>
        Assert.Equal(
            CodexSandbox.WorkspaceWrite,
            Limited(
                CodexSandbox.Confined,
                RecoveredSandbox.InboxKey + "1",
                new AgentSettings { InboxSandbox = CodexSandbox.WorkspaceWrite, ConfinedHasNetwork = true }
            )
        );

    private static CodexSandbox? Limited(CodexSandbox? asked, string key, AgentSettings settings) =>
        RecoveredSandbox
            .Limit(new TurnRequest(AgentId.Parse("alice"), "/w", null, [TurnMessage.User("hi")]) { Sandbox = asked }, key, settings)
            .Sandbox;
}
