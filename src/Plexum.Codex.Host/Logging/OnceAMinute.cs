namespace Plexum.Codex.Host.Logging;

/// <summary>Limits how often something that may happen at any rate is told. Thread-safe.</summary>
internal sealed class OnceAMinute(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _toldAt;

    /// <summary>Whether to tell it now.</summary>
    public bool IsDue()
    {
        lock (_lock)
        {
            if (_toldAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                return false;
            }

            _toldAt = time.GetTimestamp();
            return true;
        }
    }
}
