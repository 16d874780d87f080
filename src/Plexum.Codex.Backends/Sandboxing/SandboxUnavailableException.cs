namespace Plexum.Codex.Sandboxing;

/// <summary>Codex cannot give a turn's commands the sandbox that was asked for. The message says what to do.</summary>
public sealed class SandboxUnavailableException : CodexException
{
    /// <summary>Creates an exception with a full sentence as its message.</summary>
    public SandboxUnavailableException(string message)
        : base(message) { }
}
