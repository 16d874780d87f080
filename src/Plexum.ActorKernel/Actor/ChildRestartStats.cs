namespace Akka.Actor;

/// <summary>How often a child was restarted, and since when that counts.</summary>
internal sealed class ChildRestartStats
{
    private int _restarts;
    private long? _windowStart;

    /// <summary>Counts a restart and says whether it is still allowed.</summary>
    /// <param name="maxRetries">How many are allowed; 0 none, negative any number.</param>
    /// <param name="withinMilliseconds">The window that they count in; 0 or less: for ever.</param>
    public bool RequestRestartPermission(int maxRetries, int withinMilliseconds)
    {
        if (maxRetries == 0)
        {
            return false;
        }

        if (withinMilliseconds > 0)
        {
            return IsAllowedInWindow(maxRetries > 0 ? maxRetries : 1, withinMilliseconds);
        }

        return maxRetries < 0 || ++_restarts <= maxRetries;
    }

    // A clock that only goes forward: what the wall clock does must not change what is allowed.
    private bool IsAllowedInWindow(int maxRetries, int withinMilliseconds)
    {
        var now = Environment.TickCount64;
        _windowStart ??= now;
        if (now - _windowStart <= withinMilliseconds)
        {
            return ++_restarts <= maxRetries;
        }

        _restarts = 1;
        _windowStart = now;
        return true;
    }
}
