namespace Plexum.Codex.Client;

/// <summary>The daemon answered with a problem.</summary>
/// <param name="message">The problem's detail.</param>
/// <param name="code">The problem's code.</param>
/// <param name="status">The HTTP status.</param>
public sealed class DaemonRefusedException(string message, string code, int status)
    : DaemonException(message, IsRefusal(code, status) ? DaemonProblem.Refused : DaemonProblem.Failed)
{
    /// <summary>The problem's code.</summary>
    public string Code { get; } = code;

    // These consumes were attempted and failed, so they count as failures, as they do without a daemon.
    private static bool IsRefusal(string code, int status) =>
        status is >= 400 and < 500 && code is not ("agent_busy" or "thread_busy" or "rollout_unusable" or "host_failure");
}
