using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>Whether codex may and can ask in a new turn as its request says.</summary>
internal static class AskingCheck
{
    /// <summary>Why a turn is refused; null if it is not.</summary>
    /// <param name="options">What its request says.</param>
    /// <param name="settings">What the owner says.</param>
    /// <param name="isExec">Whether a process of its own runs it in any case, which cannot ask.</param>
    public static TurnRefusal? WhyNot(TurnOptions options, ApprovalSettings settings, bool isExec)
    {
        if (options.Approvals is { } wanted && settings.IsLooser(wanted))
        {
            return TurnRefusal.ApprovalsTooLoose(wanted, settings.Policy);
        }

        return isExec && settings.Of(options.Approvals) is not ApprovalPolicy.Never and var policy
            ? TurnRefusal.ApprovalsUnsupported(policy)
            : null;
    }
}
