namespace Plexum.Codex.Ledger;

/// <summary>How a ledger waits, and whom it tells.</summary>
/// <param name="Path">The absolute path of the database.</param>
/// <param name="Time">The clock of its waiting.</param>
/// <param name="Warn">Takes sentences about what is wrong.</param>
internal sealed record LedgerOptions(string Path, TimeProvider Time, Action<string> Warn)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>How long a lock of another process is waited for.</summary>
    public TimeSpan BusyLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file up to this size is checked wholly while it is opened, a larger one soon after.</summary>
    public long CheckedAtOnce { get; init; } = 1024 * 1024;

    /// <summary>How long after its opening a large file is checked.</summary>
    public TimeSpan CheckDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before the next try after so many failures.</summary>
    public static TimeSpan RetryDelay(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return delay < LastRetry ? delay : LastRetry;
    }
}
