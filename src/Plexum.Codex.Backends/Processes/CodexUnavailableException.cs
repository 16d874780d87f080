namespace Plexum.Codex.Processes;

/// <summary>Codex cannot be started: it is missing or too old, or the system refuses. The message says what to do.</summary>
public sealed class CodexUnavailableException : CodexException
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public CodexUnavailableException(string message)
        : base(message) { }

    /// <summary>Whether codex is not installed at all.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether codex told its version, and that is too old.</summary>
    public bool IsTooOld { get; init; }

    /// <summary>Creates an exception with a full sentence as its message, and its cause.</summary>
    public CodexUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
