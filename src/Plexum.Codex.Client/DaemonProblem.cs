namespace Plexum.Codex.Client;

/// <summary>Why the daemon did not carry out a request.</summary>
public enum DaemonProblem
{
    /// <summary>It was unreachable or failed.</summary>
    Failed,

    /// <summary>It refused, and will refuse the same request again.</summary>
    Refused,
}
