using Plexum.Codex.Events;
using Plexum.Codex.Ledger;

namespace Plexum.Codex.Turns;

/// <summary>A turn has ended, and its end could not be written into its log. The ledger gets the end in its place.</summary>
/// <param name="outcome">How it ended, with the tokens that it used.</param>
/// <param name="failure">The error that its readers get; null if it was cancelled.</param>
/// <param name="cause">Why the log could not be written.</param>
internal sealed class EndNotWrittenException(TurnOutcome outcome, TurnFailure? failure, IOException cause)
    : IOException(cause.Message, cause)
{
    public TurnOutcome Outcome => outcome;

    public TurnFailure? Failure => failure;
}
