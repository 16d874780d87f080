namespace Plexum.Codex.Host.Audit;

/// <summary>Lets a few through each minute and counts the rest, so that a flood of them pushes nothing else out of the log.</summary>
internal sealed class AuditThrottle(TimeProvider time)
{
    /// <summary>How many pass each minute.</summary>
    public const int PerMinute = 10;

    private readonly Lock _lock = new();
    private long _minute = long.MinValue;
    private int _passed;
    private int _leftOut;

    /// <summary>Whether the next one passes.</summary>
    /// <param name="leftOut">If it does, how many did not since the last one that did.</param>
    public bool TryPass(out int leftOut)
    {
        lock (_lock)
        {
            var minute = time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
            if (minute != _minute)
            {
                (_minute, _passed) = (minute, 0);
            }

            if (_passed >= PerMinute)
            {
                _leftOut++;
                leftOut = 0;
                return false;
            }

            _passed++;
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}
