namespace Plexum.Codex.Ledger;

/// <summary>The ledger cannot be opened or written at the moment; the message says why and what to do.</summary>
public sealed class LedgerUnavailableException : CodexException
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public LedgerUnavailableException(string message)
        : base(message) { }

    /// <summary>Creates an exception with a full sentence as its message, and its cause.</summary>
    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
