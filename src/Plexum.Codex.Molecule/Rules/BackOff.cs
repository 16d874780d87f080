namespace Plexum.Codex.Molecule.Rules;

/// <summary>Exponential back-off with a limit and up to 25 % jitter.</summary>
internal static class BackOff
{
    // The maximum that a Retry-After can ask for.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>How long to wait after a failure.</summary>
    /// <param name="settings">The first and the longest wait.</param>
    /// <param name="failures">The number of consecutive failures, at least 1.</param>
    /// <param name="random">The jitter, from 0 to less than 1.</param>
    /// <param name="asked">The platform's Retry-After, as a minimum of up to an hour; null if it sent none.</param>
    public static TimeSpan Of(InboxSettings settings, int failures, double random, TimeSpan? asked = null)
    {
        var doubled = settings.FirstBackOff * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        var delay = (doubled < settings.MaxBackOff ? doubled : settings.MaxBackOff) * (1 + (random / 4));
        var min =
            asked is { } wish && wish < MaxRetryAfter ? wish
            : asked is null ? TimeSpan.Zero
            : MaxRetryAfter;
        return delay > min ? delay : min;
    }
}
