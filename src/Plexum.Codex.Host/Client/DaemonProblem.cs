namespace Plexum.Codex.Host.Client;

/// <summary>Why the daemon did not do what was asked of it.</summary>
public enum DaemonProblem
{
    /// <summary>It could not be reached, or failed.</summary>
    Failed,

    /// <summary>It refused; the same request will be refused again.</summary>
    Refused,
}
