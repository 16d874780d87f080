namespace Plexum.Codex.Threads;

/// <summary>Why codex did not continue an agent's thread, which the agent keeps all the same.</summary>
/// <param name="Code">The code of the turn's error.</param>
/// <param name="Message">Its message, which says what to do.</param>
/// <param name="At">When the turn ended.</param>
public sealed record ThreadProblem(string Code, string Message, DateTimeOffset At)
{
    /// <summary>Codex does not load the thread's rollout, or cannot go on writing it.</summary>
    public const string Unreadable = "thread_unreadable";

    /// <summary>The thread is archived, and codex continues it only when it is not.</summary>
    public const string Archived = "thread_archived";

    /// <summary>Codex does not find the thread, and nothing shows that it is gone.</summary>
    public const string Unreachable = "thread_unreachable";

    /// <summary>Codex cannot use its own index of threads.</summary>
    public const string StateUnusable = "codex_state_unusable";

    /// <summary>The thread was begun with another model provider than the one that codex is configured for.</summary>
    public const string OtherProvider = "thread_other_provider";

    /// <summary>Whether an error of this code is about the agent's thread and lasts until somebody mends it.</summary>
    public static bool IsOne(string code) => code is Unreadable or Archived or Unreachable or StateUnusable or OtherProvider;
}
