namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>Holds answers until it is opened, and reports how many have reached it. Once open, it stays open. Thread-safe.</summary>
public sealed class StallGate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, TaskCompletionSource Reached)> watchers = [];
    private readonly Lock guard = new();
    private int arrived;

    /// <summary>How many answers have reached the gate so far.</summary>
    public int Arrived
    {
        get
        {
            lock (guard)
            {
                return arrived;
            }
        }
    }

    /// <summary>Releases all waiting and future answers.</summary>
    public void Open() => opened.TrySetResult();

    /// <summary>Completes once <paramref name="count"/> answers have reached the gate.</summary>
    public Task ReachedAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        lock (guard)
        {
            if (arrived >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        lock (guard)
        {
            arrived++;
            foreach (var (_, reached) in watchers.Where(watcher => watcher.Count <= arrived))
            {
                reached.TrySetResult();
            }

            watchers.RemoveAll(watcher => watcher.Count <= arrived);
        }

        return opened.Task.WaitAsync(cancellationToken);
    }
}
