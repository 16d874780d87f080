namespace Plexum.Codex.Exec.Output;

/// <summary>Why codex refused to resume a thread.</summary>
public enum ResumeProblem
{
    /// <summary>It did not refuse.</summary>
    None,

    /// <summary>It does not know the thread; the turn needs a new one.</summary>
    ThreadUnknown,

    /// <summary>Another process is writing to the thread; the turn can try again.</summary>
    ThreadBusy,
}

internal static class ResumeProblems
{
    /// <summary>codex 0.169.0 on stderr, with exit 1 and nothing on stdout.</summary>
    public const string ThreadUnknownText = "no rollout found";

    /// <summary>codex 0.169.0 on stderr, with exit 1 and nothing on stdout.</summary>
    public const string ThreadBusyText = "already has an active writer";

    public static ResumeProblem Of(string stderrTail) =>
        stderrTail.Contains(ThreadUnknownText, StringComparison.OrdinalIgnoreCase) ? ResumeProblem.ThreadUnknown
        : stderrTail.Contains(ThreadBusyText, StringComparison.OrdinalIgnoreCase) ? ResumeProblem.ThreadBusy
        : ResumeProblem.None;
}
