namespace Plexum.Codex.Turns;

/// <summary>How much of the account's allowance was used, as codex last reported it.</summary>
/// <param name="Primary">The shorter window, or null.</param>
/// <param name="Secondary">The longer window, or null.</param>
public sealed record RateLimits(RateLimitWindow? Primary, RateLimitWindow? Secondary)
{
    /// <summary>Of the windows of other names, such as a limit of one's own, the one that is available again last; or null.</summary>
    public RateLimitWindow? Other { get; init; }

    /// <summary>When every exhausted window is available again; null if none is exhausted or the time is unknown.</summary>
    public DateTimeOffset? FreeAgainAt => Latest(Latest(Primary?.FreeAgainAt, Secondary?.FreeAgainAt), Other?.FreeAgainAt);

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}

/// <summary>One window of an allowance.</summary>
/// <param name="WindowMinutes">Its length in minutes; 0 if codex does not say.</param>
/// <param name="UsedPercent">How much of it is used, in percent.</param>
/// <param name="ResetsAt">When it resets, to the second; null if codex does not say.</param>
public sealed record RateLimitWindow(long WindowMinutes, double UsedPercent, DateTimeOffset? ResetsAt)
{
    /// <summary>When the allowance is available again; null if it is not exhausted or codex does not say.</summary>
    public DateTimeOffset? FreeAgainAt => UsedPercent >= 100 ? ResetsAt : null;
}
