namespace Plexum.Codex.Turns;

/// <summary>How much of the account's allowance was used when codex was last told.</summary>
/// <param name="Primary">The shorter window, or null.</param>
/// <param name="Secondary">The longer window, or null.</param>
public sealed record RateLimits(RateLimitWindow? Primary, RateLimitWindow? Secondary)
{
    /// <summary>When every window that is used up is free again; null when none is, or it is not known.</summary>
    public DateTimeOffset? FreeAgainAt => Latest(Primary?.FreeAgainAt, Secondary?.FreeAgainAt);

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}

/// <summary>One window of an allowance.</summary>
/// <param name="WindowMinutes">How long the window is; 0 when codex does not say.</param>
/// <param name="UsedPercent">How much of it is used, 100 for all.</param>
/// <param name="ResetsAt">When it begins anew, to the second; null when codex does not say.</param>
public sealed record RateLimitWindow(long WindowMinutes, double UsedPercent, DateTimeOffset? ResetsAt)
{
    /// <summary>When the allowance is free again; null while it is not used up, or codex does not say.</summary>
    public DateTimeOffset? FreeAgainAt => UsedPercent >= 100 ? ResetsAt : null;
}
