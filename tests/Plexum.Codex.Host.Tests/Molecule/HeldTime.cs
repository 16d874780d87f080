using System.Threading.Channels;

namespace Plexum.Codex.Host.Molecule;

/// <summary>A clock that stands until it is turned, and says when somebody begins to wait by it.</summary>
internal sealed class HeldTime : TimeProvider, IDisposable
{
    private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
    private readonly List<HeldTimer> _timers = [];
    private readonly Lock _gate = new();
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public Task WaitForWaiterAsync() => _begun.Reader.ReadAsync().AsTask();

    public void Pass(TimeSpan time)
    {
        var now = Interlocked.Add(ref _now, time.Ticks);
        HeldTimer[] due;
        lock (_gate)
        {
            due = [.. _timers.Where(timer => timer.DueAt <= now)];
            _timers.RemoveAll(due.Contains);
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HeldTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timers.Clear();
        }
    }

    private void Put(HeldTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.DueAt = GetTimestamp() + dueTime.Ticks;
            _timers.Add(timer);
        }

        _begun.Writer.TryWrite(true);
    }

    private void Remove(HeldTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class HeldTimer(HeldTime time, Action fire) : ITimer
    {
        public long DueAt { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Put(this, dueTime);
            return true;
        }

        public void Dispose() => time.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
