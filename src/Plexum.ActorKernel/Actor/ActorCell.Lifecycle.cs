using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Creation and the end.</summary>
internal sealed partial class ActorCell
{
    private void Create()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            RestartReceiveTimeout(influenced: true);
        }
        catch (Exception e)
        {
            if (_actor is not null)
            {
                ClearActor();
                _actor = null;
            }

            throw new ActorInitializationException(_self, "Exception during creation", e);
        }
    }

    private ActorBase NewActor()
    {
        ForgetBehaviors();
        var actor = Props.NewActor();
        actor.Constructed();
        if (actor is IActorStash stashing)
        {
            stashing.Stash = new MessageStash(this);
        }

        return actor;
    }

    private void Terminate()
    {
        SetReceiveTimeout(null);
        UnwatchAll();
        StopChildren();

        var wasTerminating = _children is { Reason: TerminationReason.Termination };
        if (!AwaitChildren(TerminationReason.Termination))
        {
            FinishTerminate();
        }
        else if (!wasTerminating)
        {
            // No user message is handled while the children stop, and no failure of theirs reaches the supervisor.
            _mailbox.Suspend();
            _failed = _self;
        }
    }

    // The order matters: the actor is asked first; nothing can be sent to it any more before anybody hears of its end; the
    // parent, who may watch it as well, hears it as a parent first.
    private void FinishTerminate()
    {
        _terminated = true;
        Attempt(StopActor);
        Attempt(_mailbox.Close);
        Attempt(() => _parent.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true)));
        Attempt(TellWatchers);
        Attempt(UnwatchAll);
        Attempt(ClearActor);
        Attempt(AnswerWaiting);
        _actor = null;
        _sender = null;
    }

    private void StopActor()
    {
        if (_actor is null)
        {
            return;
        }

        _actor.AroundPostStop();
        ReleaseStash();
    }

    private void ReleaseStash()
    {
        if (_actor is IActorStash { Stash: { } stash })
        {
            stash.UnstashAll();
        }
    }

    private void AnswerWaiting()
    {
        while (_waiting is not null && _waiting.TryDequeue(out var message))
        {
            AnswerForTheDead(message);
        }
    }

    private void ClearActor()
    {
        if (_actor is { } actor)
        {
            try
            {
                (actor as IDisposable)?.Dispose();
            }
            catch (Exception e)
            {
                Publish(new Error(e, _self.Path.ToString(), actor.GetType(), $"Disposing {actor.GetType()} failed: {e.Message}"));
            }

            Props.Release(actor);
            actor.Ended(_self);
        }

        CurrentMessage = null;
        ForgetBehaviors();
    }

    private void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), Props.Type, e.Message));
        }
    }

    private void Publish(LogEvent log) => SystemImpl.EventStream.Publish(log);
}
