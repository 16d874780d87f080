namespace Plexum.Codex.Gateway;

/// <summary>The result of a cancel.</summary>
public enum CancelAnswer
{
    /// <summary>There is no such turn, or it was forgotten.</summary>
    Unknown,

    /// <summary>The turn had already ended.</summary>
    Ended,

    /// <summary>It was waiting and will not run.</summary>
    Dequeued,

    /// <summary>codex was asked to stop; it is killed if it does not.</summary>
    Stopping,

    /// <summary>codex was killed.</summary>
    Killed,

    /// <summary>It was ending already.</summary>
    Ending,

    /// <summary>It has not ended, and its agent does not have it yet: it is still being recovered. Ask again in a moment.</summary>
    NotCurrent,

    /// <summary>The agent did not answer in time; the turn may be stopping. Asking again does no harm.</summary>
    NoAnswer,
}
