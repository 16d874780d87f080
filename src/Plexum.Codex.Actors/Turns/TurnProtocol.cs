using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;

namespace Plexum.Codex.Turns;

/// <summary>The messages between a <see cref="TurnActor"/> and its agent.</summary>
internal static class TurnProtocol
{
    /// <summary>From a turn to its agent.</summary>
    public interface IReport : IDeadLetterSuppression;

    /// <summary>Cancels the turn. <see cref="Ended"/> reports the outcome.</summary>
    /// <param name="Force">Whether to kill codex at once.</param>
    public sealed record Cancel(bool Force) : IDeadLetterSuppression;

    /// <summary>Adds to the prompt of the running turn. The sender gets a <see cref="CodexBackendProtocol.SteerAnswered"/>.</summary>
    /// <param name="Text">The text to add.</param>
    /// <param name="By">Who says it, as the turn's event has it.</param>
    public sealed record Steer(string Text, string By) : IDeadLetterSuppression;

    /// <summary>The turn's directory and log exist.</summary>
    public sealed record Begun : IReport
    {
        public static Begun Instance { get; } = new();
    }

    /// <summary>The turn entered another phase.</summary>
    /// <param name="Phase">The new phase.</param>
    public sealed record PhaseChanged(TurnPhase Phase) : IReport;

    /// <summary>codex can reach the host's tools; they can be changed until the turn ends.</summary>
    public sealed record ToolsOpened : IReport
    {
        public static ToolsOpened Instance { get; } = new();
    }

    /// <summary>The last message: the turn has ended and nothing of it is running.</summary>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Failure">Why the end could not be written to the turn's log; null if it was.</param>
    public sealed record Ended(TurnOutcome Outcome, TurnFailure? Failure) : IReport
    {
        /// <summary>An end that could not be written to the turn's log.</summary>
        /// <param name="cause">Why; an <see cref="EndNotWrittenException"/> has the end.</param>
        /// <param name="failure">The error of a turn whose end is not known.</param>
        /// <param name="reason">Why it stopped, then.</param>
        /// <param name="time">The clock.</param>
        public static Ended Unrecorded(Exception cause, TurnFailure failure, StopReason reason, TimeProvider time) =>
            cause is EndNotWrittenException unwritten
                ? new Ended(unwritten.Outcome, unwritten.Failure)
                : new Ended(TurnOutcome.Of(reason, failure, time.GetUtcNow()), failure);
    }
}
