using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends the actor system in phases, so that what depends on other parts ends before them. Parts add tasks to phases; the
/// phases run in the order that their <c>depends-on</c> settings give, the tasks of one phase side by side.
/// </summary>
public sealed partial class CoordinatedShutdown
{
    /// <summary>First phase: before the doors are closed.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>No new connections are accepted.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Requests under way come to their end.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>What is left of connections is closed.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Last tasks that need the actor system.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>Last phase: the actor system is terminated.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Work)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShutdownPhases _phases;
    private readonly ILoggingAdapter _log;
    private Reason? _reason;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        System = system;
        _log = Logging.GetLogger(system, GetType());
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown")
            ?? throw new ConfigurationException("akka.coordinated-shutdown config cannot be empty");
        _phases = ShutdownPhases.Read(config);
        EndWithSystem(system, config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook"))
        {
            RunAtProcessExit(system);
        }
    }

    /// <summary>The system that this ends.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown was started; null while it was not.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>How long the whole shutdown may take: the timeouts of all phases with tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_gate)
            {
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + _phases.Get(phase).Timeout);
            }
        }
    }

    /// <summary>The coordinated shutdown of a system; made at the first call.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) =>
        ((ActorSystemImpl)sys).GetOrAddExtension(system => new CoordinatedShutdown(system));

    /// <summary>
    /// Adds a task to a phase. Added while the shutdown runs, it is run only if its phase is still to come.
    /// </summary>
    /// <param name="phase">One of the phases in the configuration.</param>
    /// <param name="taskName">For the log.</param>
    /// <param name="task">Starts the work.</param>
    /// <exception cref="ConfigurationException">The configuration has no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!_phases.Order.Contains(phase))
        {
            throw new ConfigurationException(
                $"Unknown phase [{phase}], known phases [{string.Join(",", _phases.Order)}]. " +
                "All phases (along with their optional dependencies) must be defined in configuration.");
        }

        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks.Add(phase, tasks = []);
            }

            tasks.Add((taskName, task));
        }
    }

    /// <summary>
    /// Runs all phases, or those from <paramref name="fromPhase"/> on. Only the first call does; all calls give the same
    /// task, which fails when a phase fails that is set not to recover.
    /// </summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _ = RunPhases(_phases.Order.SkipWhile(phase => fromPhase is not null && phase != fromPhase));
        }

        return _done.Task;
    }

    /// <summary>How long a phase may take.</summary>
    /// <exception cref="ArgumentException">The configuration has no such phase.</exception>
    public TimeSpan Timeout(string phase) => _phases.Find(phase)?.Timeout ?? throw new ArgumentException(
        $"Unknown phase [{phase}]. All phases must be defined in configuration.");

    private async Task RunPhases(IEnumerable<string> phases)
    {
        try
        {
            foreach (var phase in phases)
            {
                (string Name, Func<Task<Done>> Work)[] tasks;
                lock (_gate)
                {
                    tasks = _tasks.TryGetValue(phase, out var added) ? [.. added] : [];
                }

                _log.Debug("Performing phase [{0}] with [{1}] tasks.", phase, tasks.Length);
                if (tasks.Length > 0)
                {
                    await RunPhase(_phases.Get(phase), tasks).ConfigureAwait(false);
                }
            }

            _done.SetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.SetException(e);
        }
    }

    private async Task RunPhase(ShutdownPhase phase, (string Name, Func<Task<Done>> Work)[] tasks)
    {
        var clock = System.Scheduler;
        var deadline = clock.MonotonicClock + phase.Timeout;
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new Cancelable(clock);
        try
        {
            clock.Advanced.ScheduleOnce(phase.Timeout, () => late.TrySetResult(), timer);
        }
        catch (SchedulerException)
        {
            // The system has ended before its last phase did; then there is nothing to wait long for.
        }

        var all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Work)));
        await Task.WhenAny(all, late.Task).ConfigureAwait(false);
        timer.Cancel();

        // A scheduler that ends runs what is waiting in it: the timer of the phase that terminates the system comes early.
        if (all.IsCompleted || (phase.Name == PhaseActorSystemTerminate && clock.MonotonicClock < deadline))
        {
            await all.ConfigureAwait(false);
        }
        else if (phase.Recover)
        {
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase.Name, phase.Timeout);
        }
        else
        {
            throw new TimeoutException($"Coordinated shutdown phase [{phase.Name}] timed out after {phase.Timeout}");
        }
    }

    private async Task RunTask(ShutdownPhase phase, string name, Func<Task<Done>> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, e.Message);
        }
    }
}
