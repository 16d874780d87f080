namespace Plexum.Codex.Host.Client;

/// <summary>The daemon answered that it will not.</summary>
/// <param name="message">What it said.</param>
/// <param name="code">Its word for programs.</param>
/// <param name="status">The status of its response.</param>
public sealed class DaemonRefusedException(string message, string code, int status)
    : DaemonException(message, IsRefusal(code, status) ? DaemonProblem.Refused : DaemonProblem.Failed)
{
    /// <summary>Its word for programs.</summary>
    public string Code { get; } = code;

    // What failed on its way is no refusal, here as without a daemon.
    private static bool IsRefusal(string code, int status) =>
        status is >= 400 and < 500 && code is not ("agent_busy" or "thread_busy" or "rollout_unusable" or "host_failure");
}
