using Akka.Event;

namespace Akka.Actor;

/// <summary>User messages: what the runtime does itself, and what the actor gets.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Counts the messages, so that a stash knows one that it has already.</summary>
    public int CurrentEnvelopeId { get; private set; }

    public void Invoke(in Envelope envelope)
    {
        var message = envelope.Message;
        CurrentMessage = message;
        _sender = envelope.Sender;
        CurrentEnvelopeId++;
        try
        {
            if (_receiveTimeout is null)
            {
                Dispatch(message);
            }
            else
            {
                DispatchWithinReceiveTimeout(message);
            }

            CurrentMessage = null;
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, exempt: null);
        }
    }

    // A dead letter that cannot be delivered to a subscriber which has stopped meanwhile must not become another one, without end.
    public void ToDeadLetters(in Envelope envelope)
    {
        if (envelope.Message is not AllDeadLetters)
        {
            SystemImpl.DeadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender ?? SystemImpl.DeadLetters, _self), envelope.Sender);
        }
    }

    private void Dispatch(object message)
    {
        if (message is IAutoReceivedMessage)
        {
            AutoReceive(message);
        }
        else if (message is TimerFired fired)
        {
            ReceiveTimer(fired);
        }
        else
        {
            _actor!.AroundReceive(CurrentBehavior, message);
        }
    }

    private void DispatchWithinReceiveTimeout(object message)
    {
        var influences = message is not INotInfluenceReceiveTimeout;
        if (influences)
        {
            CancelReceiveTimeout();
        }

        try
        {
            Dispatch(message);
        }
        finally
        {
            RestartReceiveTimeout(influences);
        }
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            default:
                _actor!.AroundReceive(CurrentBehavior, message);
                break;
        }
    }

    // What a timer brings counts as the message at hand, so that it can be stashed like any other.
    private void ReceiveTimer(TimerFired fired)
    {
        if (_actor is not IWithTimers { Timers: TimerScheduler timers } || timers.Claim(fired) is not { } message)
        {
            return;
        }

        CurrentMessage = message;
        if (message is IAutoReceivedMessage)
        {
            AutoReceive(message);
        }
        else
        {
            _actor!.AroundReceive(CurrentBehavior, message);
        }
    }
}
