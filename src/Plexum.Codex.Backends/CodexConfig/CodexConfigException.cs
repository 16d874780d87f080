namespace Plexum.Codex.CodexConfig;

/// <summary>A configuration file of codex's cannot be read, or is not TOML. The message names the file and says what to do.</summary>
public sealed class CodexConfigException : CodexException
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public CodexConfigException(string message)
        : base(message) { }

    /// <summary>Creates an exception with a full sentence as its message, and its cause.</summary>
    public CodexConfigException(string message, Exception innerException)
        : base(message, innerException) { }
}
