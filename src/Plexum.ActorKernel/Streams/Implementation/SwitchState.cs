namespace Akka.Streams.Implementation;

/// <summary>Whether a kill switch was used, and who has to hear it.</summary>
internal sealed class SwitchState
{
    private readonly Lock _lock = new();
    private readonly HashSet<Signal> _listeners = [];
    private bool _used;

    /// <summary>Why the streams fail; null when they complete.</summary>
    internal Exception? Cause { get; private set; }

    internal void Shutdown() => Use(null);

    internal void Abort(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        Use(cause);
    }

    /// <summary>Raises the signal when the switch is used.</summary>
    /// <returns>False when it was used before; the signal is not raised then.</returns>
    internal bool TryListen(Signal listener)
    {
        lock (_lock)
        {
            if (!_used) _listeners.Add(listener);
            return !_used;
        }
    }

    internal void StopListening(Signal listener)
    {
        lock (_lock) _listeners.Remove(listener);
    }

    private void Use(Exception? cause)
    {
        lock (_lock)
        {
            if (_used) return;
            _used = true;
            Cause = cause;
            foreach (var listener in _listeners) listener.Raise();
            _listeners.Clear();
        }
    }
}
