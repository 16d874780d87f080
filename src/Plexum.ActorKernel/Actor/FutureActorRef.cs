using System.Globalization;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The sender of an Ask: its first message completes the task, whatever comes later is a dead letter.</summary>
internal sealed class FutureActorRef<T> : MinimalActorRef
{
    private readonly ActorSystemImpl _system;
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private readonly Timer? _timer;
    private ActorPath? _path;

    public FutureActorRef(ActorSystemImpl system, TimeSpan limit, CancellationToken cancellationToken)
    {
        _system = system;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.Register(
                static (self, token) => ((FutureActorRef<T>)self!).Cancel(token), this);
        }

        if (limit > TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
        {
            _timer = new Timer(static self => ((FutureActorRef<T>)self!).TimeOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Limit = limit;
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    public Task<T> Task => _answer.Task;

    public override ActorPath Path => _path ??= _system.NextTempPath();

    public override ActorSystem System => _system;

    public override bool IsTerminated => Task.IsCompleted;

    private TimeSpan Limit { get; }

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification notification:
                Tell(new Terminated(notification.Actor, notification.ExistenceConfirmed, addressTerminated: false), _system.DeadLetters);
                break;
            case Watch watch when IsTerminated:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var completed = TryComplete(message);
        if (completed)
        {
            _cancellation.Dispose();
            _timer?.Dispose();
        }

        // Who cancelled does not want the answer; who waited too long, or for something else, may want to find it.
        if (!Task.IsCanceled && (!completed || message is not (T or Status.Failure)))
        {
            _system.DeadLetters.Tell(new DeadLetter(message, sender ?? _system.DeadLetters, this), sender);
        }
    }

    private bool TryComplete(object message) => message switch
    {
        T answer => _answer.TrySetResult(answer),
        Status.Failure failure => _answer.TrySetException(
            failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
        _ => _answer.TrySetException(new ArgumentException(
            $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
    };

    private void TimeOut()
    {
        if (_answer.TrySetException(new AskTimeoutException(
            string.Create(CultureInfo.InvariantCulture, $"Timeout after {Limit.TotalSeconds} seconds"))))
        {
            _cancellation.Dispose();
        }

        _timer!.Dispose();
    }

    private void Cancel(CancellationToken token)
    {
        _answer.TrySetCanceled(token);
        _timer?.Dispose();
    }
}
