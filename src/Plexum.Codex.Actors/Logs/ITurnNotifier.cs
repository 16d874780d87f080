using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>
/// Tells whoever watches of the starts and ends of turns. A notice only wakes: what it says is read from the log and the ledger, so
/// a lost one costs a reader no more than a wait. Safe for any thread.
/// </summary>
public interface ITurnNotifier
{
    /// <summary>A turn has begun: it has a log.</summary>
    void Started(TurnId turn, AgentId agent);

    /// <summary>A turn is over, and the ledger was told.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="agent">Its agent.</param>
    /// <param name="reason">How it ended.</param>
    /// <param name="unrecorded">What could not be written into the log; null when all was.</param>
    void Ended(TurnId turn, AgentId agent, StopReason reason, TurnFailure? unrecorded);

    /// <summary>Watches one turn from now on, so that whoever looks at it afterwards misses neither its start nor its end.</summary>
    ITurnWatch Watch(TurnId turn);

    /// <summary>Watches all turns from now on, until the result is disposed.</summary>
    /// <param name="tell">Takes each notice; it must neither block nor throw.</param>
    IDisposable WatchAll(Action<TurnNotice> tell);
}
