namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>Holds answers until it is opened, and reports how many have reached it. Once open, it stays open. Thread-safe.</summary>
public sealed class StallGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, TaskCompletionSource Reached)> _watchers = [];
    private readonly Lock _guard = new();
    private int _arrived;

    /// <summary>How many answers have reached the gate so far.</summary>
    public int Arrived
    {
        get
        {
            lock (_guard)
            {
                return _arrived;
            }
        }
    }

    /// <summary>Releases all waiting and future answers.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Completes once <paramref name="count"/> answers have reached the gate.</summary>
    public Task ReachedAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        lock (_guard)
        {
            if (_arrived >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            _arrived++;
            foreach (var (_, reached) in _watchers.Where(watcher => watcher.Count <= _arrived))
            {
                reached.TrySetResult();
            }

            _watchers.RemoveAll(watcher => watcher.Count <= _arrived);
        }

        return _opened.Task.WaitAsync(cancellationToken);
    }
}
