using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Akka.TestKit.Internal;

/// <summary>The messages that a test actor took in and no assertion took out yet, oldest first.</summary>
internal sealed class MessageQueue
{
    private readonly Queue<MessageEnvelope> _messages = new();
    private TaskCompletionSource? _arrival;

    internal int Count
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    internal void Add(MessageEnvelope envelope)
    {
        TaskCompletionSource? arrival;
        lock (_messages)
        {
            _messages.Enqueue(envelope);
            (arrival, _arrival) = (_arrival, null);
            Monitor.PulseAll(_messages);
        }

        arrival?.TrySetResult();
    }

    internal bool TryTake([NotNullWhen(true)] out MessageEnvelope? envelope)
    {
        lock (_messages)
        {
            return _messages.TryDequeue(out envelope);
        }
    }

    internal bool TryPeek([NotNullWhen(true)] out MessageEnvelope? envelope)
    {
        lock (_messages)
        {
            return _messages.TryPeek(out envelope);
        }
    }

    /// <summary>Blocks until there is a message (true) or the time is over (false).</summary>
    internal bool Wait(TimeSpan max, CancellationToken cancellationToken)
    {
        using var wakeUp = cancellationToken.UnsafeRegister(static state =>
        {
            lock (state!)
            {
                Monitor.PulseAll(state);
            }
        }, _messages);

        var started = Stopwatch.GetTimestamp();
        lock (_messages)
        {
            while (_messages.Count == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!TryGetPause(max, started, out var pause))
                {
                    return false;
                }

                Monitor.Wait(_messages, pause);
            }

            return true;
        }
    }

    /// <summary>Waits until there is a message (true) or the time is over (false).</summary>
    internal async ValueTask<bool> WaitAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task arrival;
            lock (_messages)
            {
                if (_messages.Count > 0)
                {
                    return true;
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!TryGetPause(max, started, out var pause))
            {
                return false;
            }

            await arrival.WaitAsync(TimeSpan.FromMilliseconds(pause), cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // In milliseconds, rounded up, because a timer of 0.4 ms would be one of 0 and the loop would spin.
    private static bool TryGetPause(TimeSpan max, long started, out int pause)
    {
        if (max == Timeout.InfiniteTimeSpan)
        {
            pause = Timeout.Infinite;
            return true;
        }

        var left = max - Stopwatch.GetElapsedTime(started);
        pause = (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue);
        return left > TimeSpan.Zero;
    }
}
