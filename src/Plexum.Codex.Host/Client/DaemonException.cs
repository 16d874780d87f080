using Plexum.Codex.Host.Commands;

namespace Plexum.Codex.Host.Client;

/// <summary>Something that a command wanted of the daemon did not come about. The message is a sentence for its user.</summary>
internal class DaemonException : CodexException
{
    public DaemonException(string message, int exitCode) : base(message) => ExitCode = exitCode;

    public DaemonException(string message, int exitCode, Exception innerException) : base(message, innerException) => ExitCode = exitCode;

    /// <summary>What the command ends with; see <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; }
}

/// <summary>The daemon answered that it will not.</summary>
/// <param name="message">What it said.</param>
/// <param name="code">Its word for programs.</param>
/// <param name="status">The status of its response.</param>
internal sealed class DaemonRefusedException(string message, string code, int status)
    : DaemonException(message, IsRefusal(code, status) ? ExitCodes.Refused : ExitCodes.Failed)
{
    /// <summary>Its word for programs.</summary>
    public string Code { get; } = code;

    // What failed on its way is no refusal, here as without a daemon.
    private static bool IsRefusal(string code, int status) =>
        status is >= 400 and < 500 && code is not ("agent_busy" or "thread_busy" or "rollout_unusable" or "host_failure");
}

/// <summary>The daemon does not answer for now: it is being started, stopped, or is busy. The request may be sent again.</summary>
internal sealed class DaemonBusyException(string message) : IOException(message);
