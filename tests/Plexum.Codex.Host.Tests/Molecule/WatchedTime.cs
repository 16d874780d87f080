using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Plexum.Codex.Host.Molecule;

/// <summary>A clock that the test turns, and that tells whether somebody waits for it.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 18, 9, 0, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<Timer, DateTimeOffset> _due = new();

    /// <summary>Whether a timer goes off if the clock is turned so far.</summary>
    public bool HasTimerWithin(TimeSpan within)
    {
        var now = GetUtcNow();
        return _due.Values.Any(due => due > now && due <= now + within);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, base.CreateTimer(callback, state, dueTime, period));
        timer.Note(dueTime);
        return timer;
    }

    /// <summary>A timer. Only its first time is known: nothing here waits for the second one of a timer that repeats itself.</summary>
    private sealed class Timer(WatchedTime time, ITimer timer) : ITimer
    {
        public void Note(TimeSpan dueTime)
        {
            if (dueTime >= TimeSpan.Zero)
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
            Note(dueTime);
            return changed;
        }

        public void Dispose()
        {
            Note(Timeout.InfiniteTimeSpan);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Note(Timeout.InfiniteTimeSpan);
            return timer.DisposeAsync();
        }
    }
}
