using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>System messages: in which state which of them waits, and who handles it.</summary>
internal sealed partial class ActorCell
{
    private Queue<SystemMessage>? _waiting;

    private enum CellState
    {
        Running,
        Suspended,
        WaitingForChildren,
    }

    private CellState State =>
        _children is { IsWaiting: true } ? CellState.WaitingForChildren
        : _mailbox.IsSuspended ? CellState.Suspended
        : CellState.Running;

    /// <summary>Handles a list of system messages, and what waited for a state that they lead to.</summary>
    public void InvokeSystem(SystemMessage first)
    {
        for (var message = first; message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            InvokeAndRelease(message);
            message = next;
        }
    }

    /// <summary>Answers for an actor that is gone: who watches it is told, the rest has no meaning any more.</summary>
    public void AnswerForTheDead(SystemMessage message)
    {
        if (message is Watch watch && ReferenceEquals(watch.Watchee, _self))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: false));
        }
    }

    private void InvokeAndRelease(SystemMessage message)
    {
        var before = State;
        InvokeOne(message, before);

        // Each state keeps back more than the one below it, so only a step down can release what waits.
        for (var after = State; after < before && _waiting is { Count: > 0 }; after = State)
        {
            before = after;
            var released = _waiting;
            _waiting = null;
            foreach (var waiting in released)
            {
                InvokeAndRelease(waiting);
            }
        }
    }

    private void InvokeOne(SystemMessage message, CellState state)
    {
        if (_terminated)
        {
            AnswerForTheDead(message);
            return;
        }

        if ((state == CellState.WaitingForChildren && message.WaitsForChildren)
            || (state == CellState.Suspended && message.WaitsWhileSuspended))
        {
            (_waiting ??= new Queue<SystemMessage>()).Enqueue(message);
            return;
        }

        try
        {
            Handle(message);
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, exempt: null);
        }
    }

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case ActorTask task:
                RunActorTask(task);
                break;
            case DeathWatchNotification notification:
                WatchedActorTerminated(notification.Actor, notification.ExistenceConfirmed);
                break;
            case Failed failed:
                HandleFailed(failed);
                break;
            case Watch watch:
                AddWatcher(watch.Watchee, watch.Watcher);
                break;
            case Unwatch unwatch:
                RemoveWatcher(unwatch.Watchee, unwatch.Watcher);
                break;
            case Akka.Dispatch.Create:
                Create();
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case Suspend:
                FaultSuspend();
                break;
            case Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case Akka.Dispatch.Terminate:
                Terminate();
                break;
            default:
                throw new NotSupportedException($"Unknown system message {message.GetType().Name}.");
        }
    }

    private void RunActorTask(ActorTask work)
    {
        CurrentMessage = work.Message;
        if (work.Failure is { } failure)
        {
            _mailbox.Resume();
            HandleInvokeFailure(failure, exempt: null);
            return;
        }

        TaskScheduler.Execute(work.Task!);
        CurrentMessage = null;
    }
}
