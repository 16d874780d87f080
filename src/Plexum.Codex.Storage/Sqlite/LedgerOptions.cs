using Plexum.Codex.Problems;

namespace Plexum.Codex.Sqlite;

/// <summary>The timing of a ledger, and where its warnings go.</summary>
/// <param name="Path">The absolute path of the database.</param>
/// <param name="Time">The clock for waiting.</param>
/// <param name="Warn">Receives warnings, as sentences.</param>
internal sealed record LedgerOptions(string Path, TimeProvider Time, Action<string> Warn)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>Is told what needs a person; null if all of that are warnings.</summary>
    public IProblemReporter? Problems { get; init; }

    /// <summary>
    /// Whether this process may move a damaged file aside, once no other has it open. Only a daemon may, and there is one at most.
    /// </summary>
    public bool MayRescue { get; init; } = true;

    /// <summary>How long to wait for a lock of another process.</summary>
    public TimeSpan BusyLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file up to this size, in bytes, is checked completely while it is opened, a larger one soon after.</summary>
    public long CheckedAtOnce { get; init; } = 1024 * 1024;

    /// <summary>How long after opening a large file is checked.</summary>
    public TimeSpan CheckDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tells that a problem has begun.</summary>
    public void Begins(ProblemKind kind, string message)
    {
        if (Problems is { } problems)
        {
            problems.Begins(kind, message);
        }
        else
        {
            Warn(message);
        }
    }

    /// <summary>Tells that a problem is over.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="sentence">The warning that says so, where there are only warnings.</param>
    public void Ends(ProblemKind kind, string sentence)
    {
        if (Problems is { } problems)
        {
            problems.Ends(kind);
        }
        else
        {
            Warn(sentence);
        }
    }

    /// <summary>The delay before the next attempt, after this many failures.</summary>
    public static TimeSpan RetryDelay(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return delay < LastRetry ? delay : LastRetry;
    }
}
