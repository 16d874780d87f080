namespace Plexum.Codex.Turns;

/// <summary>How a turn ended.</summary>
public enum StopReason
{
    /// <summary>The model finished.</summary>
    EndTurn,

    /// <summary>It failed; the event <c>error</c> says why.</summary>
    Error,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>It took longer than it may.</summary>
    Timeout,
}
