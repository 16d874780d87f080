namespace Plexum.Codex.Threads;

/// <summary>The record of whose thread is whose is damaged, or cannot be read or written. The message says what to do.</summary>
public sealed class ThreadRecordException : CodexException
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public ThreadRecordException(string message)
        : base(message) { }

    /// <summary>Creates an exception with a full sentence as its message, and its cause.</summary>
    public ThreadRecordException(string message, Exception innerException)
        : base(message, innerException) { }
}
