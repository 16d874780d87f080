namespace Plexum.Codex;

/// <summary>An error to report to a person: the message says what happened, to what, and what to do about it.</summary>
public class CodexException : Exception
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public CodexException(string message)
        : base(message) { }

    /// <summary>Creates an exception with a full sentence as its message, and its cause.</summary>
    public CodexException(string message, Exception innerException)
        : base(message, innerException) { }
}
