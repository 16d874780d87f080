using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Hears of the start and the end of one turn, until it is disposed.</summary>
public interface ITurnWatch : IDisposable
{
    /// <summary>The turn.</summary>
    TurnId TurnId { get; }

    /// <summary>Completes when the turn's log is there.</summary>
    Task Started { get; }

    /// <summary>Completes when all is in the turn's log, or told here instead.</summary>
    Task<TurnNotice.Ended> Ended { get; }
}
