namespace Plexum.Codex.Ledger;

/// <summary>The ledger cannot be opened or written to now; the message says why and what to do.</summary>
public sealed class LedgerUnavailableException : CodexException
{
    /// <summary>An error with a whole sentence as its message.</summary>
    public LedgerUnavailableException(string message) : base(message) { }

    /// <summary>An error with a whole sentence as its message, and what lies beneath it.</summary>
    public LedgerUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
