using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Keeps the latest exchanges, and notifies callers that wait for one.</summary>
internal sealed class ExchangeLog(int capacity)
{
    private readonly Lock _guard = new();
    private readonly Queue<ModelExchange> _exchanges = new();
    private readonly List<(Func<ModelExchange, bool> Condition, TaskCompletionSource<ModelExchange> Found)> _waiting = [];
    private long _count;

    /// <summary>Adds a valid request, and counts earlier attempts at its round.</summary>
    public ModelExchange Add(ModelRequest request)
    {
        lock (_guard)
        {
            var attempt = _exchanges.Count(earlier =>
                earlier.Request is { } other
                && other.ThreadId == request.ThreadId
                && other.TurnId == request.TurnId
                && other.Round == request.Round
                && other.UserTexts.Count == request.UserTexts.Count
            );
            return Keep(new ModelExchange(++_count, attempt == 0 ? request : request.WithAttempt(attempt), refusal: null));
        }
    }

    /// <summary>Adds an invalid request.</summary>
    public ModelExchange AddRefused(string why)
    {
        lock (_guard)
        {
            return Keep(new ModelExchange(++_count, request: null, why));
        }
    }

    public List<ModelExchange> Snapshot()
    {
        lock (_guard)
        {
            return [.. _exchanges];
        }
    }

    public Task<ModelExchange> WaitForAsync(Func<ModelExchange, bool> condition, CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            if (_exchanges.FirstOrDefault(condition) is { } past)
            {
                return Task.FromResult(past);
            }

            var found = new TaskCompletionSource<ModelExchange>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, found));
            return found.Task.WaitAsync(cancellationToken);
        }
    }

    private ModelExchange Keep(ModelExchange exchange)
    {
        if (_exchanges.Count == capacity)
        {
            _exchanges.Dequeue();
        }

        _exchanges.Enqueue(exchange);
        _waiting.RemoveAll(waiter => waiter.Condition(exchange) && waiter.Found.TrySetResult(exchange));
        return exchange;
    }
}
