namespace Plexum.Codex.Exec.Output;

/// <summary>Why codex would not go on in a thread.</summary>
public enum ResumeProblem
{
    /// <summary>Nothing of the kind.</summary>
    None,

    /// <summary>It does not know the thread; a new one has to be begun.</summary>
    ThreadUnknown,

    /// <summary>Another process writes to the thread; it can be tried again.</summary>
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
