namespace Plexum.Codex.Host.Health.Probes;

/// <summary>
/// A question that may hang, and is not asked again before it has been answered: whoever asks meanwhile gets the same answer. Thread-safe.
/// </summary>
/// <param name="ask">Asks it.</param>
internal sealed class OneAtATime<T>(Func<Task<T>> ask)
{
    private readonly Lock _gate = new();
    private Task<T>? _pending;

    /// <summary>Whether it has been asked and not answered yet.</summary>
    public bool IsAsked
    {
        get
        {
            lock (_gate)
            {
                return _pending is { IsCompleted: false };
            }
        }
    }

    /// <summary>The answer, once it is there. How long to wait for it is the caller's to say.</summary>
    public Task<T> AskAsync()
    {
        lock (_gate)
        {
            if (_pending is not { IsCompleted: false })
            {
                _pending = ask();
            }

            return _pending;
        }
    }
}
