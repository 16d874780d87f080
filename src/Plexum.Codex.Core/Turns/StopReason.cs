namespace Plexum.Codex.Turns;

/// <summary>How a turn ended.</summary>
public enum StopReason
{
    /// <summary>The model finished.</summary>
    EndTurn,

    /// <summary>It failed; the event <c>error</c> says why.</summary>
    Error,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It exceeded its time limit.</summary>
    Timeout,
}
