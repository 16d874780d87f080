using System.Collections.Frozen;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Problems;

/// <summary>
/// Failures that say nothing about the next turn of another agent: something is wrong with one request, workspace or thread. They go by
/// code. A class has both kinds: that of threads also has codex's unusable index, that of workspaces what could not be classified.
/// </summary>
internal static class OwnFaults
{
    private static readonly FrozenSet<string> Codes = Enum.GetValues<TurnRefusalReason>()
        .Except([TurnRefusalReason.LoginMissing, TurnRefusalReason.LedgerUnavailable])
        .Select(reason => new TurnRefusal(reason, "").Code)
        .Concat([
            "thread_busy",
            "thread_unknown",
            "thread_not_owned",
            ThreadProblem.Unreadable,
            ThreadProblem.Archived,
            "history_unusable",
            "context_window_exceeded",
            "output_too_large",
        ])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a turn failed only for itself. A turn that reached its time limit did if codex was not even started.</summary>
    public static bool Include(TurnOutcome outcome) =>
        outcome.ErrorClass == TurnErrorClass.Timeout
            ? !TurnSettlement.HasRun(outcome)
            : outcome.ErrorCode is { } code && Codes.Contains(code);
}
