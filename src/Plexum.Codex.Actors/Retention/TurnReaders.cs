using Plexum.Codex.Turns;

namespace Plexum.Codex.Retention;

/// <summary>Tracks who reads which turn's files, so that none are deleted under a reader. Thread-safe.</summary>
public sealed class TurnReaders
{
    private const int BeingRemoved = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<TurnId, int> _readers = [];

    /// <summary>Keeps a turn's files until the result is disposed; null if they are being deleted.</summary>
    public IDisposable? TryRead(TurnId turn)
    {
        lock (_gate)
        {
            var readers = _readers.GetValueOrDefault(turn);
            if (readers == BeingRemoved)
            {
                return null;
            }

            _readers[turn] = readers + 1;
            return new Lease(this, turn);
        }
    }

    /// <summary>Keeps readers away until the result is disposed; null if there are any.</summary>
    internal IDisposable? TryRemove(TurnId turn)
    {
        lock (_gate)
        {
            return _readers.TryAdd(turn, BeingRemoved) ? new Lease(this, turn) : null;
        }
    }

    private void Return(TurnId turn)
    {
        lock (_gate)
        {
            if (--_readers[turn] <= 0)
            {
                _readers.Remove(turn);
            }
        }
    }

    private sealed class Lease(TurnReaders readers, TurnId turn) : IDisposable
    {
        private int _returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                readers.Return(turn);
            }
        }
    }
}
