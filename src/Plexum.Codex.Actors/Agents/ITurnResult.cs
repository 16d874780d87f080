using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The outcome of work for one turn. It counts only while that turn is at hand.</summary>
internal interface ITurnResult : IDeadLetterSuppression
{
    /// <summary>The turn.</summary>
    TurnId TurnId { get; }
}
