using System.Runtime.ExceptionServices;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Failures: suspended until the supervisor has decided, then resumed, restarted or stopped.</summary>
internal sealed partial class ActorCell
{
    // Who failed, this actor or the child whose failure it escalates; null when all is well.
    private IActorRef? _failed;

    private void HandleInvokeFailure(Exception cause, IReadOnlyCollection<IActorRef>? exempt)
    {
        if (_failed is not null)
        {
            return;
        }

        try
        {
            _mailbox.Suspend();
            if (CurrentMessage is Failed failure)
            {
                _failed = failure.Child;
                exempt = [.. exempt ?? [], failure.Child];
            }
            else
            {
                _failed = _self;
            }

            SuspendChildren(exempt);
            _parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), Props.Type, "Emergency stop: exception in failure handling for " + cause));
            Attempt(StopChildren);
            FinishTerminate();
        }
    }

    private void HandleFailed(Failed failure)
    {
        CurrentMessage = failure;
        _sender = failure.Child;

        // The number protects against a failure of an earlier child of the same name.
        if (_children is not { } children || children.Find(failure.Child.Path.Name) is not { } child || child.Path.Uid != failure.Uid)
        {
            Publish(new Debug(_self.Path.ToString(), Props.Type, $"Dropping Failed({failure.Cause}) from unknown child {failure.Child}"));
            return;
        }

        if (!Strategy(children).HandleFailure(this, child, failure.Cause, children))
        {
            ExceptionDispatchInfo.Throw(failure.Cause);
        }

        CurrentMessage = null;
    }

    private SupervisorStrategy Strategy(ChildrenContainer children) => children.Strategy ??= _actor!.CreateSupervisorStrategy();

    private void FaultSuspend()
    {
        _mailbox.Suspend();
        SuspendChildren(exempt: null);
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            Publish(new Error(causedByFailure, _self.Path.ToString(), Props.Type, $"Changing Resume into Create after {causedByFailure}"));
            FaultCreate();
            return;
        }

        var perpetrator = _failed;
        _mailbox.Resume();
        if (causedByFailure is not null)
        {
            _failed = null;
        }

        ResumeChildren(causedByFailure, perpetrator);
    }

    private void FaultCreate()
    {
        SetReceiveTimeout(null);
        StopChildren();
        if (!AwaitChildren(TerminationReason.Creation))
        {
            FinishCreate();
        }
    }

    private void FinishCreate()
    {
        _mailbox.Resume();
        _failed = null;
        try
        {
            Create();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, exempt: null);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            Publish(new Error(cause, _self.Path.ToString(), Props.Type, $"Changing Recreate into Create after {cause}"));
            FaultCreate();
            return;
        }

        if (_children is { IsTerminating: true })
        {
            // Only keeps the number of suspensions right: what is under way ends first.
            FaultResume(null);
            return;
        }

        PrepareRestart(cause);
        if (!AwaitChildren(TerminationReason.Recreation, cause))
        {
            FinishRecreate(cause);
        }
    }

    // A failure in here can only be logged: the actor is restarted all the same.
    private void PrepareRestart(Exception cause)
    {
        var message = CurrentMessage is Failed ? null : CurrentMessage;
        try
        {
            _actor!.AroundPreRestart(cause, message);
            ReleaseStash();
        }
        catch (Exception e)
        {
            Publish(new Error(new PreRestartException(_self, e, cause, message), _self.Path.ToString(), _actor!.GetType(), e.Message));
        }
        finally
        {
            ClearActor();
        }
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = _children?.Snapshot() ?? [];
        try
        {
            _mailbox.Resume();
            _failed = null;
            _children?.ForgetStrategy();
            _actor = NewActor();
            _actor.AroundPostRestart(cause, null);
            foreach (var child in survivors)
            {
                child.SendSystemMessage(new Recreate(cause));
            }
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }
}
