using System.Collections.Frozen;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents.Checks;

/// <summary>A request may restrict its turn further than the operator does, and never less.</summary>
public sealed class RequestLimitsSpecs
{
    private static readonly AgentId Alice = AgentId.Parse("alice");

    [Theory]
    [InlineData(CodexSandbox.WorkspaceWrite, null, null)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.WorkspaceWrite, null)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.ReadOnly, null)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.Confined, null)]
    [InlineData(CodexSandbox.WorkspaceWrite, CodexSandbox.None, "sandbox_too_weak")]
    [InlineData(CodexSandbox.ReadOnly, CodexSandbox.WorkspaceWrite, "sandbox_too_weak")]
    [InlineData(CodexSandbox.ReadOnly, CodexSandbox.Inherit, "sandbox_too_weak")]
    [InlineData(CodexSandbox.Confined, CodexSandbox.ReadOnly, "sandbox_too_weak")]
    public void A_sandbox_is_as_strict_as_the_setting_or_refused(CodexSandbox setting, CodexSandbox? asked, string? code) =>
        Assert.Equal(code, RequestLimits.WhyNot(Request() with { Sandbox = asked }, new AgentSettings { Sandbox = setting })?.Code);

    [Theory]
    [InlineData(null, ApprovalPolicy.Never, "approvals.policy = on-request")]
    [InlineData(null, ApprovalPolicy.OnRequest, null)]
    [InlineData(null, ApprovalPolicy.Untrusted, null)]
    [InlineData(ApprovalPolicy.Untrusted, ApprovalPolicy.OnRequest, "agents.overrides.alice.approvals = untrusted")]
    [InlineData(ApprovalPolicy.Never, ApprovalPolicy.Never, null)]
    public void Approvals_are_as_strict_as_those_of_the_agent_or_refused(ApprovalPolicy? own, ApprovalPolicy asked, string? says)
    {
        var settings = new AgentSettings
        {
            Approvals = new ApprovalSettings { Policy = ApprovalPolicy.OnRequest },
            Overrides = new Dictionary<AgentId, AgentOverride> { [Alice] = new() { Approvals = own } }.ToFrozenDictionary(),
        };

        var refusal = RequestLimits.WhyNot(Request() with { Options = new TurnOptions { Approvals = asked } }, settings);

        Assert.Equal(says is null ? null : "approvals_too_loose", refusal?.Code);
        Assert.Contains(says ?? "", refusal?.Message ?? "", StringComparison.Ordinal);
    }

    private static TurnRequest Request() => new(Alice, null, null, [TurnMessage.User("x")]);
}
