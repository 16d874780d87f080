namespace Plexum.Codex;

/// <summary>Something that a caller can name to a person: what happened, to what, and what to do about it.</summary>
public class CodexException : Exception
{
    /// <summary>An error with a whole sentence as its message.</summary>
    public CodexException(string message) : base(message) { }

    /// <summary>An error with a whole sentence as its message, and what lies beneath it.</summary>
    public CodexException(string message, Exception innerException) : base(message, innerException) { }
}
