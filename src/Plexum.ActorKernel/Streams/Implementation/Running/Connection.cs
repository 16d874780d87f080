namespace Akka.Streams.Implementation;

/// <summary>
/// One wire between two stages of an island, and the protocol on it: the consumer pulls, the producer answers
/// every pull with at most one push, and either side may close. A stage never calls its neighbour; it leaves a
/// note here, and the island delivers it after the stage has returned. So a stage is never entered twice, and
/// the stack does not grow with the number of elements.
/// </summary>
internal abstract class Connection
{
    private const int PullPending = 1;
    private protected const int Pulled = 2;
    private protected const int PushPending = 4;
    private const int ConsumerGone = 8;
    private const int ProducerGone = 16;
    private const int Idle = 0;

    private protected int State;
    private bool _failed;
    private Exception? _reason;

    internal StageLogic Producer { get; set; } = null!;

    internal StageLogic Consumer { get; set; } = null!;

    internal Island Island { get; set; } = null!;

    /// <summary>The consumer has asked for an element that it has not been given yet.</summary>
    internal bool HasBeenPulled => (State & (PullPending | Pulled | PushPending)) != 0;

    /// <summary>The producer may push now.</summary>
    internal bool IsAvailable => (State & (Pulled | ProducerGone)) == Pulled;

    /// <summary>The consumer has cancelled, or has been told that the producer is finished.</summary>
    internal bool IsClosedForConsumer => (State & ConsumerGone) != 0;

    /// <summary>The producer has finished, or has been told that the consumer cancelled.</summary>
    internal bool IsClosedForProducer => (State & ProducerGone) != 0;

    private bool IsOpen => (State & (ConsumerGone | ProducerGone)) == 0;

    private bool IsQueued => (State & (PullPending | PushPending)) != 0;

    internal void Pull()
    {
        if (State == Idle)
        {
            State = PullPending;
            Island.Deliver(this);
        }
        else if (IsOpen)
            throw new InvalidOperationException($"{Consumer} pulled twice without having been given an element.");
    }

    internal void Complete() => CloseByProducer(null);

    internal void Fail(Exception cause) => CloseByProducer(cause);

    internal void Cancel(Exception cause)
    {
        if (IsClosedForConsumer) return;
        var announce = !IsQueued && !IsClosedForProducer;
        State |= ConsumerGone;
        Consumer.PortClosed();
        ForgetElement();
        if (IsClosedForProducer) return;
        _reason = cause;
        if (announce) Island.Deliver(this);
    }

    private void CloseByProducer(Exception? failure)
    {
        if (IsClosedForProducer) return;
        var announce = !IsQueued && !IsClosedForConsumer;
        State |= ProducerGone;
        Producer.PortClosed();
        if (IsClosedForConsumer) return;
        _reason = failure;
        _failed = failure is not null;
        if (announce) Island.Deliver(this);
    }

    /// <summary>Delivers the note that lies on this wire.</summary>
    internal void Process()
    {
        var state = State;
        if (state == PullPending)
        {
            State = Pulled;
            Island.Active = Producer;
            Producer.OnPull();
        }
        else if (state == PushPending)
        {
            State = Idle;
            Island.Active = Consumer;
            Consumer.OnPush();
        }
        else
            ProcessClosing(state);
    }

    private void ProcessClosing(int state)
    {
        switch (state & (ConsumerGone | ProducerGone))
        {
            case ConsumerGone:
                State = ConsumerGone | ProducerGone;
                Island.Active = Producer;
                Producer.PortClosed();
                Producer.OnDownstreamFinish(_reason!);
                break;
            case ProducerGone when (state & PushPending) != 0:
                // The element was pushed before the end was announced, so it arrives before it.
                State = ProducerGone;
                Island.Deliver(this);
                Island.Active = Consumer;
                Consumer.OnPush();
                break;
            case ProducerGone:
                State = ConsumerGone | ProducerGone;
                Island.Active = Consumer;
                Consumer.PortClosed();
                if (_failed) Consumer.OnUpstreamFailure(_reason!);
                else Consumer.OnUpstreamFinish();
                break;
            default:
                // Both sides closed while the note was on its way: nobody is left to hear it.
                Island.Active = null;
                break;
        }
    }

    private protected abstract void ForgetElement();

    /// <summary>What becomes of a push that nobody waits for.</summary>
    private protected void PushUnasked()
    {
        // The consumer cancelled and the producer does not know yet: the element is dropped.
        if (!IsClosedForProducer && (State & Pulled) != 0)
            State &= ~Pulled;
        else
            throw new InvalidOperationException(
                IsClosedForProducer ? $"{Producer} pushed into a port that it had closed." : $"{Producer} pushed twice for one pull.");
    }
}
