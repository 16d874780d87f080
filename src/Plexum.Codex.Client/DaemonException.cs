namespace Plexum.Codex.Client;

/// <summary>The daemon did not carry out a request. The message is written for the user.</summary>
public class DaemonException : CodexException
{
    /// <param name="message">What went wrong and what to do.</param>
    /// <param name="problem">Whether the daemon failed or refused.</param>
    public DaemonException(string message, DaemonProblem problem)
        : base(message) => Problem = problem;

    /// <param name="message">What went wrong and what to do.</param>
    /// <param name="problem">Whether the daemon failed or refused.</param>
    /// <param name="innerException">The cause.</param>
    public DaemonException(string message, DaemonProblem problem, Exception innerException)
        : base(message, innerException) => Problem = problem;

    /// <summary>Whether the daemon failed or refused.</summary>
    public DaemonProblem Problem { get; }
}
