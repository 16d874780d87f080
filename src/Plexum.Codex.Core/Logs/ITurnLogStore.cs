using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Stores the canonical events of turns. The process that runs a turn appends; anyone may read. Thread-safe.</summary>
public interface ITurnLogStore
{
    /// <summary>Opens the log of a turn for appending, creating it if missing.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="isNew">Whether the turn must not have a log yet; false if another process may have started it.</param>
    /// <exception cref="CodexException">The log cannot be created, or a new turn already has one.</exception>
    /// <exception cref="IOException">The log cannot be opened.</exception>
    Task<ITurnLogWriter> OpenAsync(AgentId agent, TurnId turn, bool isNew);

    /// <summary>Starts reading an existing log. The caller disposes the reader.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="afterSeq">The last event already known; 0 for none.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    ITurnLogReader Read(AgentId agent, TurnId turn, long afterSeq = 0);

    /// <summary>What the log of a turn already contains; <see cref="LoggedTurn.Nothing"/> if there is no log.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    Task<LoggedTurn> LookAsync(AgentId agent, TurnId turn);

    /// <summary>The end of a log that nobody writes to any more; null if there is no log.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    Task<TurnLogEnd?> FindEndAsync(AgentId agent, TurnId turn);

    /// <summary>
    /// Joins the pieces of each message in the log of a turn that has ended, so that later readers get whole messages. A joined event has
    /// the number of its last piece. Who reads behind a piece that is in the middle of a message gets the rest of it.
    /// </summary>
    /// <exception cref="IOException">The log cannot be read or replaced; it stays as it was.</exception>
    Task CompactAsync(AgentId agent, TurnId turn);

    /// <summary>Whether a turn has a log.</summary>
    bool Exists(AgentId agent, TurnId turn);
}
