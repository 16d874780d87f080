using Akka.Event;
using Plexum.Codex.Events;

namespace Plexum.Codex.Turns.Parts;

/// <summary>What the actor of a turn tells itself.</summary>
internal static class TurnSteps
{
    /// <summary>The turn's log is open, or cannot be opened.</summary>
    public sealed record Opened(Exception? Failure) : IDeadLetterSuppression;

    /// <summary>A step outside the actor is done, or has failed.</summary>
    public sealed record StepDone(Exception? Failure) : IDeadLetterSuppression;

    /// <summary>Something of the turn could not be written.</summary>
    public sealed record NotKept(TurnFailure Failure) : IDeadLetterSuppression;

    /// <summary>The backend's run has stopped.</summary>
    public sealed record RunLost : IDeadLetterSuppression;

    /// <summary>The host's tools are gone.</summary>
    public sealed record BridgeLost : IDeadLetterSuppression;

    /// <summary>A thread that was in use is tried again.</summary>
    public sealed record TryThreadAgain;
}
