using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Events;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>The turn's files are written and its thread's configuration is prepared; or they could not be.</summary>
internal sealed record Ready(PreparedThread? Thread, Exception? Failure) : IDeadLetterSuppression;

/// <summary>The turn is recorded, or could not be.</summary>
/// <param name="Kept">What readers should know of the instructions that the thread keeps; null for nothing.</param>
/// <param name="Failure">Why it could not be; null if it is.</param>
internal sealed record Recorded(CanonicalEvent.Notice? Kept, Exception? Failure) : IDeadLetterSuppression;

/// <summary>Whether codex has begun a turn whose server died before it answered is known.</summary>
/// <param name="HasBegun">Whether it has, or may have.</param>
/// <param name="Reason">Why the server was lost.</param>
internal sealed record BeginningKnown(bool HasBegun, string Reason) : IDeadLetterSuppression;

/// <summary>A change of the record could not be written.</summary>
internal sealed record NotNoted(Exception Cause) : IDeadLetterSuppression;

/// <summary>The agent's reader of rollouts failed.</summary>
internal sealed record RolloutLost : IDeadLetterSuppression
{
    /// <summary>The only instance.</summary>
    public static RolloutLost Instance { get; } = new();
}

/// <summary>The server's actor has stopped.</summary>
internal sealed record ServerActorLost : IDeadLetterSuppression
{
    /// <summary>What that means for the turn, if anything.</summary>
    public const string Reason = "plexum-codex failed while it spoke to it; see the program's log";

    /// <summary>The only instance.</summary>
    public static ServerActorLost Instance { get; } = new();

    /// <summary>
    /// Whether it means anything. When the program ends, the server's actor may stop before the turn's; the turn goes on in the server
    /// then,
    /// and the next program finds it.
    /// </summary>
    public static bool Counts(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason is null;
}
