using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// The messages of one actor and the right to run it. At most one thread runs the actor at a time; system messages go
/// before user messages, and user messages rest while the mailbox is suspended.
/// </summary>
internal sealed class Mailbox(ActorCell cell) : IThreadPoolWorkItem
{
    // The status: bit 0 closed, bit 1 scheduled or running, the rest counts how often it was suspended.
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int OneSuspension = 4;

    [ThreadStatic]
    private static int _localSchedules;

    private readonly bool _runsOnCallingThread = cell.Props.RunsOnCallingThread;
    private int _status;
    private int _drainRequests;
    private SystemMessageQueue _systemMessages;
    private MessageQueue? _messages;
    private Stack<Envelope>? _unstashed;

    public bool IsSuspended => _status >= OneSuspension;

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    private bool HasMessages => _unstashed is { Count: > 0 } || Volatile.Read(ref _messages) is { IsEmpty: false };

    public void Enqueue(object message, IActorRef? sender)
    {
        (Volatile.Read(ref _messages) ?? CreateQueue()).Enqueue(message, sender);
        ScheduleFor(system: false);
    }

    public void EnqueueSystem(SystemMessage message)
    {
        _systemMessages.Enqueue(message);
        ScheduleFor(system: true);
    }

    /// <summary>Puts a message before all others. Called on the actor's own turn.</summary>
    public void EnqueueFirst(Envelope envelope) => (_unstashed ??= new Stack<Envelope>()).Push(envelope);

    public void Suspend() => Interlocked.Add(ref _status, OneSuspension);

    public void Resume()
    {
        if (IsSuspended)
        {
            Interlocked.Add(ref _status, -OneSuspension);
        }
    }

    /// <summary>Lets nothing run any more; what is left, and what still comes, goes to the dead letters.</summary>
    public void Close()
    {
        Interlocked.Or(ref _status, Closed);
        Drain();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var outer = ActorCell.Current;
        ActorCell.Current = cell;
        try
        {
            RunSystemMessages();
            RunMessages();
        }
        finally
        {
            ActorCell.Current = outer;
            Interlocked.And(ref _status, ~Scheduled);
        }

        // Only now can a producer schedule the mailbox; what came in before is seen here.
        if (!_systemMessages.IsEmpty || (HasMessages && !IsSuspended))
        {
            Reschedule();
        }
    }

    private void RunMessages()
    {
        for (var left = cell.SystemImpl.Throughput; left > 0 && _status < OneSuspension && TryDequeue(out var envelope); left--)
        {
            cell.Invoke(envelope);
            if (!_systemMessages.IsEmpty)
            {
                RunSystemMessages();
            }
        }
    }

    private void RunSystemMessages()
    {
        while (!IsClosed && _systemMessages.TakeAll() is { } messages)
        {
            cell.InvokeSystem(messages);
        }
    }

    private bool TryDequeue(out Envelope envelope)
    {
        if ((_status & Closed) != 0)
        {
            envelope = default;
            return false;
        }

        return (_unstashed is not null && _unstashed.TryPop(out envelope))
            || (_messages is { } messages ? messages.TryDequeue(out envelope) : Nothing(out envelope));
    }

    private static bool Nothing(out Envelope envelope)
    {
        envelope = default;
        return false;
    }

    private MessageQueue CreateQueue()
    {
        var created = new MessageQueue();
        return Interlocked.CompareExchange(ref _messages, created, null) ?? created;
    }

    private void ScheduleFor(bool system)
    {
        if (!TryTakeSchedule(system))
        {
            return;
        }

        if (_runsOnCallingThread)
        {
            ((IThreadPoolWorkItem)this).Execute();
        }
        else
        {
            // The thread that sent a message runs its receiver next while the cache is warm; now and then the receiver goes
            // to the end of the common queue instead, so that two busy actors cannot keep a thread to themselves.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: (++_localSchedules & 31) != 0);
        }
    }

    private void Reschedule()
    {
        if (TryTakeSchedule(system: true))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool TryTakeSchedule(bool system)
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & Closed) != 0)
            {
                Drain();
                return false;
            }

            if ((status & Scheduled) != 0 || (!system && status >= OneSuspension))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status)
            {
                return true;
            }
        }
    }

    // Who finds the mailbox closed asks for a drain; one thread does it for all who ask meanwhile. Waiting for that thread instead
    // could wait for ever: a dead letter may go to an actor that is being drained itself.
    private void Drain()
    {
        if (Interlocked.Increment(ref _drainRequests) != 1)
        {
            return;
        }

        int served;
        do
        {
            served = Volatile.Read(ref _drainRequests);
            DrainOnce();
        }
        while (Interlocked.Add(ref _drainRequests, -served) != 0);
    }

    private void DrainOnce()
    {
        for (var message = _systemMessages.TakeAll(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            cell.AnswerForTheDead(message);
            message = next;
        }

        while (_unstashed is not null && _unstashed.TryPop(out var unstashed))
        {
            cell.ToDeadLetters(unstashed);
        }

        while (Volatile.Read(ref _messages) is { } messages && messages.TryDequeue(out var envelope))
        {
            cell.ToDeadLetters(envelope);
        }
    }
}
