namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// The requests of a connection: at most <see cref="ConnectionSettings.MaxInFlight"/> of them are with the server, each with its deadline,
/// and the others wait in their order. Thread-safe.
/// </summary>
internal sealed class RequestTable(TimeSpan limit, TimeProvider time, Action<byte[]> send, Action<long> expired) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ITimer> _sent = [];
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
    /// <returns>False if the table is closed.</returns>
    public bool Add(long id, byte[] bytes)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (_sent.Count < ConnectionSettings.MaxInFlight)
            {
                Send(id, bytes);
            }
            else
            {
                _waiting.Enqueue((id, bytes));
            }

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
            if (!_isClosed && _waiting.TryDequeue(out var next))
            {
                Send(next.Id, next.Bytes);
            }

            return true;
        }
    }

    /// <summary>Takes no more requests.</summary>
    /// <returns>Those that are open, oldest first.</returns>
    public IReadOnlyList<long> Close()
    {
        lock (_gate)
        {
            long[] open = [.. _sent.Keys.Concat(_waiting.Select(waiting => waiting.Id)).Order()];
            foreach (var deadline in _sent.Values)
            {
                deadline.Dispose();
            }

            _isClosed = true;
            _sent.Clear();
            _waiting.Clear();
            return open;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

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
