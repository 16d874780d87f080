using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents.Checks;

/// <summary>What a request may ask for: what the operator's settings allow, or less.</summary>
public static class RequestLimits
{
    /// <summary>Why a request asks for too much; null if it does not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">The operator's settings.</param>
    public static TurnRefusal? WhyNot(TurnRequest request, AgentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(settings);
        return OfSandbox(request, settings) ?? OfApprovals(request, settings);
    }

    private static TurnRefusal? OfSandbox(TurnRequest request, AgentSettings settings) =>
        request.Sandbox is { } sandbox && !sandbox.IsAtLeastAsStrictAs(settings.Sandbox, settings.ConfinedHasNetwork)
            ? TurnRefusal.SandboxTooWeak(sandbox, settings.Sandbox)
            : null;

    internal static TurnRefusal? OfApprovals(TurnRequest request, AgentSettings settings)
    {
        var allowed = settings.ApprovalsOf(request.AgentId);
        return request.Options.Approvals is { } asked && allowed.IsLooser(asked)
            ? TurnRefusal.ApprovalsTooLoose(asked, allowed.Policy, NameOf(request.AgentId, settings))
            : null;
    }

    private static string NameOf(AgentId agent, AgentSettings settings) =>
        settings.OverrideOf(agent).Approvals is null ? "approvals.policy" : $"agents.overrides.{agent}.approvals";
}
