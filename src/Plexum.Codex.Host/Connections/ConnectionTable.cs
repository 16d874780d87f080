using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Serilog;

namespace Plexum.Codex.Host.Connections;

/// <summary>
/// The open connections of one listener, and which of them a new one may push out. Strangers can open any number of connections, so
/// one without a valid token is closed when its time is over, and earlier if there are too many: the oldest of those that have sent
/// nothing, for an owner sends a request at once, and if all have, the oldest. One with a valid token is never closed for another.
/// Thread-safe.
/// </summary>
// Not Kestrel's MaxConcurrentConnections: it closes the newest connection, which would be the owner's.
internal sealed class ConnectionTable : IDisposable
{
    private static readonly TimeSpan TellInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(10);

    private readonly int _max;
    private readonly int _maxUnauthenticated;
    private readonly TimeSpan _authenticationLimit;
    private readonly TimeProvider _time;
    private readonly ITimer _overdue;
    private readonly Lock _lock = new();
    private readonly LinkedList<ApiConnection> _strangers = new();
    private int _known;
    private long _closed;
    private long? _toldAt;

    /// <param name="max">How many connections there may be.</param>
    /// <param name="maxUnauthenticated">How many of these may be unauthenticated; 0 if they need not authenticate.</param>
    /// <param name="authenticationLimit">How long one may be unauthenticated.</param>
    /// <param name="time">The clock.</param>
    public ConnectionTable(int max, int maxUnauthenticated, TimeSpan authenticationLimit, TimeProvider time)
    {
        (_max, _maxUnauthenticated, _authenticationLimit, _time) = (max, maxUnauthenticated, authenticationLimit, time);
        _overdue = time.CreateTimer(_ => CloseOverdue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many connections are open, and how many of these are unauthenticated.</summary>
    public (int All, int Unauthenticated) Count
    {
        get
        {
            lock (_lock)
            {
                return (_known + _strangers.Count, _strangers.Count);
            }
        }
    }

    /// <summary>Adds a new connection, for which an unauthenticated one may be closed.</summary>
    /// <returns>False if there is no room for it.</returns>
    public bool TryAdd(ApiConnection connection)
    {
        ApiConnection? oldest = null;
        lock (_lock)
        {
            if (_known + _strangers.Count >= _max && !TryTakeOldest(out oldest))
            {
                return false;
            }

            if (_maxUnauthenticated == 0)
            {
                connection.IsAuthenticated = true;
                _known++;
                return true;
            }

            if (oldest is null && _strangers.Count >= _maxUnauthenticated)
            {
                TryTakeOldest(out oldest);
            }

            AddStranger(connection);
        }

        Close(oldest);
        return true;
    }

    /// <summary>A request of the connection had a valid token.</summary>
    public void Authenticated(ApiConnection connection)
    {
        lock (_lock)
        {
            if (connection.Place is not null)
            {
                Take(connection);
                connection.IsAuthenticated = true;
                _known++;
            }
        }
    }

    /// <summary>A request of the connection had no valid token, or one that is not valid any more.</summary>
    public void Refused(ApiConnection connection)
    {
        ApiConnection? oldest = null;
        lock (_lock)
        {
            if (!connection.IsAuthenticated)
            {
                return;
            }

            connection.IsAuthenticated = false;
            _known--;
            if (_strangers.Count >= _maxUnauthenticated)
            {
                TryTakeOldest(out oldest);
            }

            AddStranger(connection);
        }

        Close(oldest);
    }

    /// <summary>The connection has ended.</summary>
    public void Remove(ApiConnection connection)
    {
        lock (_lock)
        {
            if (connection.Place is not null)
            {
                Take(connection);
            }
            else if (connection.IsAuthenticated)
            {
                connection.IsAuthenticated = false;
                _known--;
            }
        }
    }

    public void Dispose() => _overdue.Dispose();

    private void AddStranger(ApiConnection connection)
    {
        connection.Since = _time.GetTimestamp();
        connection.Place = _strangers.AddLast(connection);
        if (_strangers.Count == 1)
        {
            _overdue.Change(_authenticationLimit, Timeout.InfiniteTimeSpan);
        }
    }

    private bool TryTakeOldest([NotNullWhen(true)] out ApiConnection? oldest)
    {
        oldest = _strangers.FirstOrDefault(stranger => !stranger.HasSpoken) ?? _strangers.First?.Value;
        if (oldest is null)
        {
            return false;
        }

        Take(oldest);
        return true;
    }

    private void Take(ApiConnection stranger)
    {
        _strangers.Remove(stranger.Place!);
        stranger.Place = null;
    }

    private void CloseOverdue()
    {
        var overdue = new List<ApiConnection>();
        lock (_lock)
        {
            while (_strangers.First is { Value: var first })
            {
                var rest = _authenticationLimit - _time.GetElapsedTime(first.Since);
                if (rest > TimeSpan.Zero)
                {
                    _overdue.Change(rest > MinWait ? rest : MinWait, Timeout.InfiniteTimeSpan);
                    break;
                }

                Take(first);
                overdue.Add(first);
            }
        }

        overdue.ForEach(Close);
    }

    private void Close(ApiConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        connection.Abort(new ConnectionAbortedException("The connection showed no valid token."));
        var closed = Interlocked.Increment(ref _closed);
        lock (_lock)
        {
            if (_toldAt is { } at && _time.GetElapsedTime(at) < TellInterval)
            {
                return;
            }

            _toldAt = _time.GetTimestamp();
        }

        Log.Warning(
            "api: a connection over TCP was closed because it showed no valid token in time, or because too many others did not; "
                + "{Count} so far",
            closed
        );
    }
}
