using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>
/// Notifies watchers of the starts and ends of turns. A notice only wakes a reader, which reads the details from the log and the
/// ledger, so a lost notice costs no more than a wait. Thread-safe.
/// </summary>
public interface ITurnNotifier
{
    /// <summary>A turn still waits for its start, and has a log that says for what.</summary>
    void Waiting(TurnId turn, AgentId agent);

    /// <summary>A turn has started and has a log.</summary>
    void Started(TurnId turn, AgentId agent);

    /// <summary>A turn has ended, and its end is noted in the ledger (flush before reading it).</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="agent">Its agent.</param>
    /// <param name="reason">How it ended.</param>
    /// <param name="unrecorded">A failure that could not be written to the log; null if everything was.</param>
    void Ended(TurnId turn, AgentId agent, StopReason reason, TurnFailure? unrecorded);

    /// <summary>Watches one turn from now on: a caller that then checks the turn misses neither its start nor its end.</summary>
    ITurnWatch Watch(TurnId turn);

    /// <summary>Watches all turns from now on, until the result is disposed.</summary>
    /// <param name="tell">Receives each notice; it must neither block nor throw.</param>
    IDisposable WatchAll(Action<TurnNotice> tell);
}
