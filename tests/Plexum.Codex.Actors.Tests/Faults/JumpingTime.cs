namespace Plexum.Codex.Faults;

/// <summary>A wall clock that somebody sets, above a clock that nobody can set.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _offset;
    private long _timestamp;

    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    /// <summary>Lets time pass on both clocks.</summary>
    public void Pass(TimeSpan time)
    {
        Interlocked.Add(ref _offset, time.Ticks);
        Interlocked.Add(ref _timestamp, (long)(time.TotalSeconds * TimestampFrequency));
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _timestamp);
}
