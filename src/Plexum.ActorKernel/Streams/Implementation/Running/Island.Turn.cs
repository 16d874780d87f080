namespace Akka.Streams.Implementation;

internal sealed partial class Island : IThreadPoolWorkItem
{
    private const int Resting = 0;
    private const int Scheduled = 1;
    private const int Over = 2;

    private AsyncEvent? _inbox;
    private int _status = Scheduled;

    /// <summary>Hands the island to the pool for its first turn.</summary>
    internal void Launch() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Leaves an event for the island and sees to it that it is handled; what comes too late is dropped.</summary>
    internal void Post(AsyncEvent occurrence)
    {
        if (Volatile.Read(ref _status) == Over) return;
        AsyncEvent? newest;
        do
        {
            newest = Volatile.Read(ref _inbox);
            occurrence.Next = newest;
        }
        while (Interlocked.CompareExchange(ref _inbox, occurrence, newest) != newest);

        if (newest is null && Interlocked.CompareExchange(ref _status, Scheduled, Resting) == Resting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>One turn on a thread of the pool.</summary>
    public void Execute()
    {
        if (!_started) Start();
        for (var bursts = 0; bursts < BurstsPerTurn; bursts++)
        {
            if (Volatile.Read(ref _inbox) is not null) HandleInbox();
            if (DeliverBurst()) continue;
            if (_running == 0)
            {
                Volatile.Write(ref _status, Over);
                _host.Remove(this);
                return;
            }

            if (Rest()) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Ends the turn, unless something has come in meanwhile.</summary>
    private bool Rest()
    {
        if (Volatile.Read(ref _inbox) is not null) return false;
        Interlocked.Exchange(ref _status, Resting);
        return Volatile.Read(ref _inbox) is null
            || Interlocked.CompareExchange(ref _status, Scheduled, Resting) != Resting;
    }

    private void HandleInbox()
    {
        var occurrence = InOrder(Interlocked.Exchange(ref _inbox, null));
        while (occurrence is not null)
        {
            var next = occurrence.Next;
            occurrence.Next = null;
            if (occurrence.Target is not { IsStopped: true }) Handle(occurrence);
            occurrence = next;
        }
    }

    private void Handle(AsyncEvent occurrence)
    {
        try
        {
            Active = occurrence.Target;
            occurrence.Handle();
        }
        catch (Exception cause) when (occurrence.Target is { } stage)
        {
            StageThrew(stage, cause);
        }

        if (_stopped is not null) BuryStopped();
    }

    private static AsyncEvent? InOrder(AsyncEvent? newest)
    {
        AsyncEvent? oldest = null;
        while (newest is { } current)
        {
            newest = current.Next;
            current.Next = oldest;
            oldest = current;
        }

        return oldest;
    }

    /// <summary>
    /// Stops everything at once: what comes from another island fails, and stages that still wait are told by
    /// their <see cref="StageLogic.PostStop"/> alone.
    /// </summary>
    internal void Abort(Exception reason) => Post(new OneEvent(null, () => AbortNow(reason)));

    private void AbortNow(Exception reason)
    {
        if (_stages[0] is IBoundaryReader && !_stages[0].IsStopped) _stages[0].FailStage(reason);
        for (var bursts = 0; bursts < BurstsPerTurn && DeliverBurst(); bursts++)
        {
        }

        _next = null;
        _head = _tail;
        foreach (var stage in _stages) stage.Abandon();
        BuryStopped();
    }
}
