using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Notifies watchers of the turns of this process.</summary>
public sealed class InMemoryTurnNotifier : ITurnNotifier
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TurnId, List<Watcher>> _watchers = [];
    private readonly List<Subscription> _subscriptions = [];

    /// <inheritdoc/>
    public void Waiting(TurnId turn, AgentId agent) => Tell(new TurnNotice.Waiting(turn, agent));

    /// <inheritdoc/>
    public void Started(TurnId turn, AgentId agent) => Tell(new TurnNotice.Started(turn, agent));

    /// <inheritdoc/>
    public void Ended(TurnId turn, AgentId agent, StopReason reason, TurnFailure? unrecorded) =>
        Tell(new TurnNotice.Ended(turn, agent, reason, unrecorded));

    /// <inheritdoc/>
    public ITurnWatch Watch(TurnId turn)
    {
        var watcher = new Watcher(this, turn);
        lock (_gate)
        {
            if (!_watchers.TryGetValue(turn, out var others))
            {
                _watchers.Add(turn, others = []);
            }

            others.Add(watcher);
        }

        return watcher;
    }

    /// <inheritdoc/>
    public IDisposable WatchAll(Action<TurnNotice> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        var subscription = new Subscription(this, tell);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    private void Tell(TurnNotice notice)
    {
        Watcher[] watchers;
        Subscription[] subscriptions;
        lock (_gate)
        {
            watchers = _watchers.TryGetValue(notice.TurnId, out var found) ? [.. found] : [];
            subscriptions = [.. _subscriptions];
        }

        Array.ForEach(watchers, watcher => watcher.Hear(notice));
        Array.ForEach(subscriptions, subscription => subscription.Tell(notice));
    }

    private void Forget(Watcher watcher)
    {
        lock (_gate)
        {
            if (_watchers.TryGetValue(watcher.TurnId, out var watchers) && watchers.Remove(watcher) && watchers.Count == 0)
            {
                _watchers.Remove(watcher.TurnId);
            }
        }
    }

    private void Forget(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private sealed class Watcher(InMemoryTurnNotifier notifier, TurnId turn) : ITurnWatch
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<TurnNotice.Ended> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TurnId TurnId => turn;

        public Task Started => _started.Task;

        public Task<TurnNotice.Ended> Ended => _ended.Task;

        public void Hear(TurnNotice notice)
        {
            if (notice is TurnNotice.Ended ended)
            {
                _ended.TrySetResult(ended);
            }
            else
            {
                _started.TrySetResult();
            }
        }

        public void Dispose() => notifier.Forget(this);
    }

    private sealed class Subscription(InMemoryTurnNotifier notifier, Action<TurnNotice> tell) : IDisposable
    {
        public void Tell(TurnNotice notice) => tell(notice);

        public void Dispose() => notifier.Forget(this);
    }
}
