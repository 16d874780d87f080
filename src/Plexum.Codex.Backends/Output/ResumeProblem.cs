namespace Plexum.Codex.Output;

/// <summary>Why codex refused to resume a thread.</summary>
public enum ResumeProblem
{
    /// <summary>It did not refuse, or for a reason that is not the thread's.</summary>
    None,

    /// <summary>It does not find the thread; if the thread is gone, the turn needs a new one.</summary>
    ThreadUnknown,

    /// <summary>Another process is writing to the thread; the turn can try again.</summary>
    ThreadBusy,

    /// <summary>The thread is archived.</summary>
    ThreadArchived,

    /// <summary>It does not load the thread's rollout, or cannot write to it.</summary>
    ThreadUnreadable,

    /// <summary>It is not allowed to look for the thread.</summary>
    ThreadUnreachable,

    /// <summary>It cannot use its own index of threads, <c>state_5.sqlite</c>.</summary>
    StateUnusable,

    /// <summary>The thread was begun with another model provider than the one that it is configured for.</summary>
    ThreadOtherProvider,
}

/// <summary>
/// Codex's words for them: on stderr, with exit 1 and nothing on stdout, the same on 0.169.0 and 0.171.0. docs/rollouts.md has the table.
/// </summary>
internal static class ResumeProblems
{
    public const string ThreadUnknownText = "no rollout found";

    public const string ThreadBusyText = "already has an active writer";

    private const string LastWords = "Error: ";
    private const string WhatFailed = "thread/resume failed: ";
    private const int MaxWords = 1500;

    private static readonly (string Text, ResumeProblem Problem)[] Known =
    [
        (ThreadUnknownText, ResumeProblem.ThreadUnknown),
        (ThreadBusyText, ResumeProblem.ThreadBusy),
        ("is archived", ResumeProblem.ThreadArchived),
        ("this chat uses model provider", ResumeProblem.ThreadOtherProvider),
        ("cannot change this thread's model provider", ResumeProblem.ThreadOtherProvider),
        ("failed to locate thread id", ResumeProblem.ThreadUnreachable),
        ("list_turns is not supported", ResumeProblem.StateUnusable),
        ("failed to read session metadata", ResumeProblem.ThreadUnreadable),
        ("failed to read thread", ResumeProblem.ThreadUnreadable),
        ("local thread recorder", ResumeProblem.ThreadUnreadable),
        ("history lineage", ResumeProblem.ThreadUnreadable),
        ("canonical rollout filename", ResumeProblem.ThreadUnreadable),
        ("thread-store internal error", ResumeProblem.ThreadUnreadable),
        ("invalid thread-store request", ResumeProblem.ThreadUnreadable),
    ];

    /// <summary>What codex's last words say; if they say nothing that is known, what it said before.</summary>
    public static ResumeProblem Of(string stderrTail) =>
        Find(LastLineOf(stderrTail)) is not ResumeProblem.None and var told ? told : Find(stderrTail);

    /// <summary>Codex's own words for the refusal, on one line and without what it puts around them.</summary>
    public static string WordsOf(string stderrTail)
    {
        var line = LastLineOf(stderrTail);
        var from = line.LastIndexOf(WhatFailed, StringComparison.Ordinal);
        var words = from < 0 ? line : line[(from + WhatFailed.Length)..];
        var code = words.LastIndexOf(" (code -", StringComparison.Ordinal);
        words = (code < 0 ? words : words[..code]).Trim().TrimEnd('.');
        if (words.Length <= MaxWords)
        {
            return words;
        }

        return words[..(char.IsHighSurrogate(words[MaxWords - 1]) ? MaxWords - 1 : MaxWords)] + " [… cut]";
    }

    private static ResumeProblem Find(string text) =>
        Array.Find(Known, known => text.Contains(known.Text, StringComparison.OrdinalIgnoreCase)).Problem;

    private static string LastLineOf(string stderrTail)
    {
        var lines = stderrTail.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var last = Array.FindLast(lines, line => line.StartsWith(LastWords, StringComparison.Ordinal));
        return last is not null ? last[LastWords.Length..]
            : lines.Length > 0 ? lines[^1]
            : "";
    }
}
