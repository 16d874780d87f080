namespace Akka.Actor;

/// <summary>A message to send or an action to run, with its place in the scheduler's queue.</summary>
internal sealed class ScheduledWork
{
    /// <summary>Stands in a handle that was cancelled.</summary>
    public static readonly ScheduledWork Closed = new(null, 0, 0, null, null, null);

    private readonly HashedWheelTimerScheduler? _scheduler;
    private readonly IActorRef? _sender;
    private object? _target;
    private object? _message;
    private CancellationTokenRegistration _foreignHandle;

    /// <param name="scheduler">In whose queue it will stand.</param>
    /// <param name="due">When it is due, on the scheduler's clock.</param>
    /// <param name="interval">Time between repetitions; zero means once.</param>
    /// <param name="target">An <see cref="Action"/> or an <see cref="ICanTell"/>.</param>
    /// <param name="message">For an <see cref="ICanTell"/>, what it gets.</param>
    /// <param name="sender">For an <see cref="ICanTell"/>, in whose name.</param>
    public ScheduledWork(
        HashedWheelTimerScheduler? scheduler, long due, long interval, object? target, object? message, IActorRef? sender)
    {
        _scheduler = scheduler;
        Due = due;
        Interval = interval;
        _target = target;
        _message = message;
        _sender = sender;
    }

    public long Due { get; set; }

    public long Interval { get; }

    /// <summary>Breaks ties: what was scheduled first is run first.</summary>
    public long Order { get; set; }

    /// <summary>Place in the queue, or -1 outside of it.</summary>
    public int Index { get; set; } = -1;

    public bool IsDone => Volatile.Read(ref _target) is null;

    public ScheduledWork? NextOfHandle { get; set; }

    /// <summary>Ties the work to a handle.</summary>
    /// <returns>False when the handle was cancelled before.</returns>
    public bool TryAttachTo(ICancelable handle)
    {
        if (handle is Cancelable own)
        {
            return own.TryAttach(this);
        }

        if (handle.IsCancellationRequested)
        {
            return false;
        }

        _foreignHandle = handle.Token.UnsafeRegister(static work => ((ScheduledWork)work!).Cancel(), this);
        return !IsDone;
    }

    public void Run()
    {
        var target = Volatile.Read(ref _target);
        switch (target)
        {
            case null:
                break;
            case Action action:
                action();
                break;
            default:
                ((ICanTell)target).Tell(Volatile.Read(ref _message)!, _sender);
                break;
        }
    }

    public void Cancel()
    {
        // First finished, then taken out: whoever adds it in between sees that it is finished.
        Finish();
        _scheduler?.Remove(this);
    }

    /// <summary>Lets go of everything that the work held.</summary>
    public void Finish()
    {
        Volatile.Write(ref _target, null);
        _foreignHandle.Unregister();
    }

    public override string ToString() => _target switch
    {
        null => "[nothing more]",
        Action action => $"[{action.Method.DeclaringType}.{action.Method.Name}]",
        _ => $"[{_target}.Tell({_message}, {_sender})]",
    };
}
