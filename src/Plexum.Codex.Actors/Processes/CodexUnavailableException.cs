namespace Plexum.Codex.Processes;

/// <summary>codex cannot be started at all: it is missing, too old, or the system refuses. The message says what to do.</summary>
public sealed class CodexUnavailableException : CodexException
{
    /// <summary>An error with a whole sentence as its message.</summary>
    public CodexUnavailableException(string message) : base(message) { }

    /// <summary>Whether there is no codex at all.</summary>
    public bool IsMissing { get; init; }

    /// <summary>An error with a whole sentence as its message, and what lies beneath it.</summary>
    public CodexUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
