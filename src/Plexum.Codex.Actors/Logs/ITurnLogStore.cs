using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Where the canonical events of turns are kept: appended by the one who runs a turn, read by anyone. Safe for any thread.</summary>
public interface ITurnLogStore
{
    /// <summary>Opens the log of a turn for appending, and creates it where it is missing.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="isNew">Whether the turn must not have a log yet; false where another process may have begun it.</param>
    /// <exception cref="CodexException">The log cannot be created, or a new turn has one already.</exception>
    /// <exception cref="IOException">The log cannot be opened.</exception>
    Task<ITurnLogWriter> OpenAsync(AgentId agent, TurnId turn, bool isNew);

    /// <summary>Begins to read a log that exists. Whoever reads closes it.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="afterSeq">The last event that is known already; 0 for none.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    ITurnLogReader Read(AgentId agent, TurnId turn, long afterSeq = 0);

    /// <summary>What the log of a turn says already; <see cref="LoggedTurn.Nothing"/> where there is none.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    Task<LoggedTurn> LookAsync(AgentId agent, TurnId turn);

    /// <summary>What a log that nobody writes to any more ends with; null where there is none.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    Task<TurnLogEnd?> FindEndAsync(AgentId agent, TurnId turn);

    /// <summary>Whether a turn has a log.</summary>
    bool Exists(AgentId agent, TurnId turn);
}
