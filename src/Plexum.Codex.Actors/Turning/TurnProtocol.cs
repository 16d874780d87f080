using Akka.Event;
using Plexum.Codex.Ledger;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>All that a <see cref="TurnActor"/> and its agent say to each other.</summary>
internal static class TurnProtocol
{
    /// <summary>From a turn to its agent.</summary>
    public interface IReport : IDeadLetterSuppression;

    /// <summary>Ends the turn early. Its <see cref="Ended"/> says what became of that.</summary>
    /// <param name="Force">Kill codex at once.</param>
    public sealed record Cancel(bool Force) : IDeadLetterSuppression;

    /// <summary>The turn's directory and log exist.</summary>
    public sealed record Begun : IReport
    {
        public static Begun Instance { get; } = new();
    }

    /// <summary>The turn is in another phase.</summary>
    /// <param name="Phase">The phase.</param>
    public sealed record PhaseChanged(TurnPhase Phase) : IReport;

    /// <summary>codex can reach the host's tools; they can be changed until the turn ends.</summary>
    public sealed record ToolsOpened : IReport
    {
        public static ToolsOpened Instance { get; } = new();
    }

    /// <summary>The turn has ended, and nothing of it runs. Nothing follows.</summary>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Failure">What could not be written into its log; null when everything was.</param>
    public sealed record Ended(TurnOutcome Outcome, TurnFailure? Failure) : IReport
    {
        /// <summary>An end that could not be written down.</summary>
        public static Ended Unrecorded(TurnFailure failure, StopReason reason, TimeProvider time) =>
            new(TurnOutcome.Of(reason, failure, time.GetUtcNow()), failure);
    }
}
