namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// The requests of a connection: at most <see cref="ConnectionSettings.MaxInFlight"/> of them are with the server, each with its deadline,
/// and the others wait in their order. What ends a turn goes ahead of them, and <see cref="ConnectionSettings.Reserve"/> of it are sent
/// besides, so that slow requests do not keep it. Thread-safe.
/// </summary>
internal sealed class RequestTable(TimeSpan limit, TimeProvider time, Action<byte[]> send, Action<long> expired) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ITimer> _sent = [];
    private readonly Queue<(long Id, byte[] Bytes)> _urgent = [];
    private readonly Queue<(long Id, byte[] Bytes)> _waiting = [];
    private bool _isClosed;

    /// <summary>How many are with the server.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _sent.Count;
            }
        }
    }

    /// <summary>Sends a request, now or when it is its turn.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="bytes">The request.</param>
    /// <param name="isUrgent">Whether it ends a turn.</param>
    /// <returns>False if the table is closed.</returns>
    public bool Add(long id, byte[] bytes, bool isUrgent = false)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            (isUrgent ? _urgent : _waiting).Enqueue((id, bytes));
            SendNext();
            return true;
        }
    }

    /// <summary>Takes out a request that has its answer or its time behind it.</summary>
    /// <returns>False if it is not there (any more).</returns>
    public bool Remove(long id)
    {
        lock (_gate)
        {
            if (!_sent.Remove(id, out var deadline))
            {
                return false;
            }

            deadline.Dispose();
            SendNext();
            return true;
        }
    }

    /// <summary>Takes no more requests.</summary>
    /// <returns>Those that are open, oldest first.</returns>
    public IReadOnlyList<long> Close()
    {
        lock (_gate)
        {
            long[] open = [.. _sent.Keys.Concat(_urgent.Concat(_waiting).Select(waiting => waiting.Id)).Order()];
            foreach (var deadline in _sent.Values)
            {
                deadline.Dispose();
            }

            _isClosed = true;
            _sent.Clear();
            _urgent.Clear();
            _waiting.Clear();
            return open;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void SendNext()
    {
        var room = ConnectionSettings.MaxInFlight - _sent.Count;
        if (room + ConnectionSettings.Reserve > 0 && _urgent.TryDequeue(out var urgent))
        {
            Send(urgent.Id, urgent.Bytes);
        }
        else if (room > 0 && _waiting.TryDequeue(out var next))
        {
            Send(next.Id, next.Bytes);
        }
    }

    private void Send(long id, byte[] bytes)
    {
        _sent[id] = time.CreateTimer(_ => Expire(id), null, limit, Timeout.InfiniteTimeSpan);
        send(bytes);
    }

    private void Expire(long id)
    {
        if (Remove(id))
        {
            expired(id);
        }
    }
}
