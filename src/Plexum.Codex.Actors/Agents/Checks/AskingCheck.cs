using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>Whether codex can ask in a new turn as it is to.</summary>
internal static class AskingCheck
{
    /// <summary>Why a turn is refused; null if it is not.</summary>
    /// <param name="options">What its request says.</param>
    /// <param name="settings">What the owner says of its agent.</param>
    /// <param name="isExec">Whether a process of its own runs it in any case, which cannot ask.</param>
    public static TurnRefusal? WhyNot(TurnOptions options, ApprovalSettings settings, bool isExec) =>
        isExec && settings.Of(options.Approvals) is not ApprovalPolicy.Never and var policy
            ? TurnRefusal.ApprovalsUnsupported(policy)
            : null;
}
