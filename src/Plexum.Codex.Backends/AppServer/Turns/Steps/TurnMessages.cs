using Akka.Event;
using Plexum.Codex.AppServer.Turns.Setup;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>The turn's files are written and its thread's configuration is prepared; or they could not be.</summary>
internal sealed record Ready(PreparedThread? Thread, Exception? Failure) : IDeadLetterSuppression;

/// <summary>The turn is recorded, or could not be.</summary>
internal sealed record Recorded(Exception? Failure) : IDeadLetterSuppression;

/// <summary>A change of the record could not be written.</summary>
internal sealed record NotNoted(Exception Cause) : IDeadLetterSuppression;

/// <summary>The agent's reader of rollouts failed.</summary>
internal sealed record RolloutLost : IDeadLetterSuppression
{
    /// <summary>The only instance.</summary>
    public static RolloutLost Instance { get; } = new();
}

/// <summary>The server's actor failed.</summary>
internal sealed record ServerActorLost : IDeadLetterSuppression
{
    /// <summary>The only instance.</summary>
    public static ServerActorLost Instance { get; } = new();
}
