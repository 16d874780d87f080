using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Plexum.Codex.Host.Molecule;

/// <summary>A clock that the test turns, and that tells who waits for it. Timers that repeat themselves do not count.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 18, 9, 0, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<Timer, DateTimeOffset> _due = new();

    /// <summary>How many wait.</summary>
    public int Sleepers => TimersWithin(TimeSpan.FromDays(1));

    /// <summary>Whether a timer goes off if the clock is turned so far.</summary>
    public bool HasTimerWithin(TimeSpan within) => TimersWithin(within) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, base.CreateTimer(callback, state, dueTime, period));
        timer.Note(dueTime, period);
        return timer;
    }

    private int TimersWithin(TimeSpan within)
    {
        var now = GetUtcNow();
        return _due.Values.Count(due => due > now && due <= now + within);
    }

    private sealed class Timer(WatchedTime time, ITimer timer) : ITimer
    {
        public void Note(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero && period <= TimeSpan.Zero)
            {
                time._due[this] = time.GetUtcNow() + dueTime;
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
