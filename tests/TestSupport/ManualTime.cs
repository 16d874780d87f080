using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// The clock of a test. It stands still until the test turns it and tells who waits for it; or it runs like the system's, and the test
/// sets its wall clock, lets time pass, holds it or makes it fail.
/// </summary>
public sealed class ManualTime : FakeTimeProvider
{
    private static readonly DateTimeOffset StandsAt = new(2026, 5, 4, 18, 9, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<WatchedTimer, DateTimeOffset> _due = new();
    private readonly long _began = System.GetTimestamp();
    private readonly bool _runs;
    private volatile TaskCompletionSource? _hold;
    private long _offset;
    private long _passed;
    private int _failures;

    /// <summary>A clock that stands still.</summary>
    /// <param name="start">What it says; by default a day in May 2026.</param>
    public ManualTime(DateTimeOffset? start = null)
        : base(start ?? StandsAt) { }

    private ManualTime(bool runs) => _runs = runs;

    /// <summary>How far the wall clock was set from where it would be; timers and timestamps do not notice.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    /// <summary>How many wait for it, for a day at most. Timers that repeat themselves do not count.</summary>
    public int Sleepers => TimersWithin(TimeSpan.FromDays(1));

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>A clock that runs as the system's does.</summary>
    public static ManualTime Running() => new(runs: true);

    /// <summary>Whether a timer goes off if the clock is turned so far.</summary>
    public bool HasTimerWithin(TimeSpan within) => TimersWithin(within) > 0;

    /// <summary>Lets time pass, on the wall clock and for timestamps. The timers of a clock that runs do not notice.</summary>
    public void Pass(TimeSpan time)
    {
        if (_runs)
        {
            Interlocked.Add(ref _passed, time.Ticks);
        }
        else
        {
            Advance(time);
        }
    }

    /// <summary>From here on <see cref="GetTimestamp"/> does not return, until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    public void Release() => _hold?.TrySetResult();

    /// <summary>Whoever asks for the date next gets an exception.</summary>
    public void FailOnce() => Volatile.Write(ref _failures, 1);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        Interlocked.Exchange(ref _failures, 0) > 0 ? throw new InvalidOperationException("The clock is broken.") : Now + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        Assert.True(_hold?.Task.Wait(Limits.Wait) ?? true, "The test did not release the clock.");
        return _runs ? System.GetElapsedTime(_began).Ticks + Interlocked.Read(ref _passed) : base.GetTimestamp();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (_runs)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        var timer = new WatchedTimer(this, base.CreateTimer(callback, state, dueTime, period));
        timer.Note(dueTime, period);
        return timer;
    }

    private DateTimeOffset Now => _runs ? System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _passed)) : base.GetUtcNow();

    private int TimersWithin(TimeSpan within)
    {
        var now = Now;
        return _due.Values.Count(due => due > now && due <= now + within);
    }

    private sealed class WatchedTimer(ManualTime time, ITimer timer) : ITimer
    {
        public void Note(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero && period <= TimeSpan.Zero)
            {
                time._due[this] = time.Now + dueTime;
            }
            else
            {
                time._due.TryRemove(this, out _);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            Note(dueTime, period);
            return changed;
        }

        public void Dispose()
        {
            Note(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Note(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return timer.DisposeAsync();
        }
    }
}
