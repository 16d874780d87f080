using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>All that crosses the border of <see cref="CodexProcessActor"/>.</summary>
internal static class CodexProcessProtocol
{
    /// <summary>Ends codex early: it is asked, then told, then killed; or killed at once.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="Force">Kill it at once.</param>
    public sealed record Stop(TurnEndCause Cause, bool Force) : IDeadLetterSuppression;

    /// <summary>codex has exited and all its output is in the log. The actor has stopped.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="End">How codex ended; null when it could not be started or its output not be written down.</param>
    /// <param name="Failure">Why <paramref name="End"/> is null.</param>
    public sealed record Ended(TurnId TurnId, TurnEnd? End, TurnFailure? Failure) : ITurnResult;
}
