using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The one kind of actor system there is.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentStack<Action> _onTermination = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Address _address;
    private readonly ActorPath _tempRoot;
    private readonly LocalActorRef _root;
    private readonly LocalActorRef _userGuardian;
    private readonly LocalActorRef _systemGuardian;
    private long _tempNumber;
    private int _terminating;

    public ActorSystemImpl(string name, Config config)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-')", nameof(name));
        }

        Name = name;
        _address = new Address("akka", name);
        Settings = new Settings(this, config);
        EventStream = new EventStream(Settings.DebugEventStream);
        Throughput = Settings.Config.GetInt("akka.actor.default-dispatcher.throughput");

        var rootPath = ActorPath.OfRoot(_address);
        _tempRoot = rootPath / "temp";
        DeadLetters = new DeadLetterActorRef(this, rootPath / "deadLetters");
        EventStream.SetLogLevel(Logging.LogLevelFor(Settings.LogLevel));
        Log = new BusLogging(EventStream, $"ActorSystem({name})", GetType(), Settings.LogFormatter);
        Scheduler = SchedulerFactory.Create(Settings, Log);
        StartTime = Scheduler.MonotonicClock;

        _root = new LocalActorRef(this, Props.Create<RootGuardian>(), new RootSupervisor(this, rootPath / "_Root-guardian-supervisor", Ended), rootPath);
        _root.SendSystemMessage(new Dispatch.Create());
        var strategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        _userGuardian = (LocalActorRef)_root.Cell.ActorOf(Props.Create(typeof(UserGuardian), strategy), "user");
        _systemGuardian = (LocalActorRef)_root.Cell.ActorOf(Props.Create(typeof(SystemGuardian), this, _userGuardian), "system");
        _root.SendSystemMessage(new Dispatch.Watch(_systemGuardian, _root));
        _userGuardian.Cell.ExpectChildrenFromAnyThread();
        _systemGuardian.Cell.ExpectChildrenFromAnyThread();
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    /// <summary>How many messages an actor handles before others get the thread.</summary>
    public int Throughput { get; }

    public bool IsTerminating => Volatile.Read(ref _terminating) != 0;

    public void Start()
    {
        try
        {
            LoggerSetup.Start(this);
        }
        catch
        {
            FinalTerminate();
            throw;
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _userGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _systemGuardian.Cell.ActorOf(props, name);

    public override void Stop(IActorRef actor)
    {
        var guardian = actor.Path.Parent == _userGuardian.Path ? _userGuardian
            : actor.Path.Parent == _systemGuardian.Path ? _systemGuardian
            : null;
        if (guardian is not null)
        {
            guardian.Cell.Stop(actor);
        }
        else
        {
            ((IInternalActorRef)actor).SendSystemMessage(new Dispatch.Terminate());
        }
    }

    public override void RegisterOnTermination(Action code)
    {
        _onTermination.Push(code);
        if (WhenTerminated.IsCompleted)
        {
            RunTerminationCallbacks();
        }
    }

    public override Task Terminate()
    {
        if (!Settings.CoordinatedShutdownRunByActorSystemTerminate)
        {
            return FinalTerminate();
        }

        CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    /// <summary>Stops the user's actors; the system's, and then the system itself, follow.</summary>
    public Task FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
        {
            LoggerSetup.BeginShutdown(this);
            _userGuardian.Stop();
        }

        return WhenTerminated;
    }

    public ActorPath NextTempPath() =>
        ActorPath.OfChild(_tempRoot, FormattableString.Invariant($"$t{Interlocked.Increment(ref _tempNumber)}"), 0);

    /// <summary>The part of that type that belongs to this system; made when it is first asked for.</summary>
    public T GetOrAddExtension<T>(Func<ActorSystemImpl, T> create)
        where T : class =>
        (T)_extensions.GetOrAdd(typeof(T), _ => new Lazy<object>(() => create(this))).Value;

    public override string ToString() => _address.ToString();

    private static bool IsValidName(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '-')
            {
                return false;
            }
        }

        return name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]);
    }

    private void Ended()
    {
        Volatile.Write(ref _terminating, 1);
        RunTerminationCallbacks();
        (Scheduler as IDisposable)?.Dispose();
        _terminated.TrySetResult();
    }

    private void RunTerminationCallbacks()
    {
        while (_onTermination.TryPop(out var callback))
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                EventStream.Publish(new Error(e, ToString(), GetType(), $"A termination callback of {Name} failed: {e.Message}"));
            }
        }
    }
}
