using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Reports the start and the end of one turn, until disposed.</summary>
public interface ITurnWatch : IDisposable
{
    /// <summary>The turn.</summary>
    TurnId TurnId { get; }

    /// <summary>Completes when the turn's log exists.</summary>
    Task Started { get; }

    /// <summary>Completes when the turn has ended and its log is final. The notice has whatever could not be logged.</summary>
    Task<TurnNotice.Ended> Ended { get; }
}
