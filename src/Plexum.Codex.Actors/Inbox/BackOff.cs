namespace Plexum.Codex.Inbox;

/// <summary>How long to wait after failures: twice as long each time, up to a limit, and up to a quarter more by chance.</summary>
internal static class BackOff
{
    // A platform that asks for more is asked again all the same.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <param name="settings">The first and the longest wait.</param>
    /// <param name="failures">How many failures there were in a row, at least 1.</param>
    /// <param name="random">A number from 0 to under 1.</param>
    /// <param name="asked">How long the platform wants to be left alone; never is it called earlier.</param>
    public static TimeSpan Of(InboxSettings settings, int failures, double random, TimeSpan? asked = null)
    {
        var doubled = settings.FirstBackOff * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        var delay = (doubled < settings.LongestBackOff ? doubled : settings.LongestBackOff) * (1 + (random / 4));
        var least = asked is { } wish && wish < LongestAsked ? wish : asked is null ? TimeSpan.Zero : LongestAsked;
        return delay > least ? delay : least;
    }
}
