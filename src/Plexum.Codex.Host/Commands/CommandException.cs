namespace Plexum.Codex.Host.Commands;

/// <summary>A command was not carried out, and says itself how it ends.</summary>
/// <param name="message">What happened, to what, and what to do about it.</param>
/// <param name="exitCode">The exit code of the program.</param>
/// <param name="code">A code for programs.</param>
internal sealed class CommandException(string message, int exitCode, string code) : CodexException(message)
{
    /// <summary>The exit code of the program.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>A code for programs.</summary>
    public string Code { get; } = code;
}
