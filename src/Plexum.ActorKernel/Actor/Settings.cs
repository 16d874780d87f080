using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The settings of an actor system, read once from its configuration.</summary>
public class Settings
{
    private readonly Config _userConfig;
    private Config _fallback;

    /// <summary>Reads the settings. What <paramref name="config"/> leaves open is taken from the built-in defaults.</summary>
    /// <exception cref="ConfigurationException">A value is impossible.</exception>
    public Settings(ActorSystem system, Config config)
    {
        System = system;
        _userConfig = config;
        _fallback = ConfigurationFactory.Default();
        Config = config.WithFallback(_fallback);

        SupervisorStrategyClass = Text("akka.actor.guardian-supervisor-strategy");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", null, allowInfinite: true);
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout");

        LogLevel = Text("akka.loglevel");
        StdoutLogLevel = Text("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout");
        LogFormatter = FormatterFor(Text("akka.logger-formatter"));
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        LogDeadLetters = DeadLetterLimit(Config);
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration =
            Config.GetTimeSpan("akka.log-dead-letters-suspend-duration", null, allowInfinite: true);

        AddLoggingReceive = Config.GetBoolean("akka.actor.debug.receive");
        DebugAutoReceive = Config.GetBoolean("akka.actor.debug.autoreceive");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");

        SchedulerClass = Text("akka.scheduler.implementation");
        SchedulerShutdownTimeout = Config.GetTimeSpan("akka.scheduler.shutdown-timeout");

        CoordinatedShutdownTerminateActorSystem =
            Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate =
            Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
        {
            throw new ConfigurationException(
                "akka.coordinated-shutdown.run-by-actor-system-terminate=on and " +
                "akka.coordinated-shutdown.terminate-actor-system=off is not a supported configuration combination.");
        }
    }

    /// <summary>Whose settings these are.</summary>
    public ActorSystem System { get; }

    /// <summary>The whole configuration, defaults included.</summary>
    public Config Config { get; private set; }

    /// <summary>Type of the configurator that makes the supervisor strategy of <c>/user</c>.</summary>
    public string SupervisorStrategyClass { get; }

    /// <summary>How long an Ask without a timeout of its own waits.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>How long the creation of a top-level actor may take.</summary>
    public TimeSpan CreationTimeout { get; }

    /// <summary>Name of the lowest level that the loggers get.</summary>
    public string LogLevel { get; }

    /// <summary>Name of the lowest level that goes to standard output while no logger runs.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>Type names of the logger actors.</summary>
    public IList<string> Loggers { get; }

    /// <summary>How long the start of the system waits for its loggers.</summary>
    public TimeSpan LoggerStartTimeout { get; }

    /// <summary>Fills log templates.</summary>
    public ILogMessageFormatter LogFormatter { get; }

    /// <summary>Whether the configuration is logged at start.</summary>
    public bool LogConfigOnStart { get; }

    /// <summary>How many dead letters are logged before a pause; 0 is none, <see cref="int.MaxValue"/> is all.</summary>
    public int LogDeadLetters { get; }

    /// <summary>Whether dead letters are logged while the system terminates.</summary>
    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>How long dead letters are not logged when there were too many; infinite means never again.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    /// <summary>Whether received messages are logged by actors that ask for it.</summary>
    public bool AddLoggingReceive { get; }

    /// <summary>Whether messages that the runtime itself handles are logged.</summary>
    public bool DebugAutoReceive { get; }

    /// <summary>Whether starts, stops and restarts of actors are logged.</summary>
    public bool DebugLifecycle { get; }

    /// <summary>Whether changes of event stream subscriptions are logged.</summary>
    public bool DebugEventStream { get; }

    /// <summary>Whether unhandled messages are logged.</summary>
    public bool DebugUnhandledMessage { get; }

    /// <summary>Type name of the scheduler.</summary>
    public string SchedulerClass { get; }

    /// <summary>How long the end of the system waits for a running scheduled action.</summary>
    public TimeSpan SchedulerShutdownTimeout { get; }

    /// <summary>Whether the last phase of a coordinated shutdown terminates the system.</summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    /// <summary>Whether terminating the system runs the coordinated shutdown.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    internal StandardOutLogger StdoutLogger { get; } = new();

    /// <summary>Adds defaults below everything that is there.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.WithFallback(_fallback);
        Config = _userConfig.WithFallback(_fallback);
    }

    /// <inheritdoc/>
    public override string ToString() => Config.ToString(includeFallback: true);

    private string Text(string path) => Config.GetString(path) ?? throw new ConfigurationException(
        $"'{path}' must be a text; it is null, an object or a list.");

    private static ILogMessageFormatter FormatterFor(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.StartsWith("Akka.Event.DefaultLogMessageFormatter", StringComparison.Ordinal))
        {
            return DefaultLogMessageFormatter.Instance;
        }

        var type = TypeNames.Find(name) ?? throw new ArgumentException(
            $"Could not load type of {name} for ILogMessageFormatter: correct akka.logger-formatter.");
        return Activator.CreateInstance(type) as ILogMessageFormatter ?? throw new ArgumentException(
            $"{name} in akka.logger-formatter must inherit from the ILogMessageFormatter interface.");
    }

    private static int DeadLetterLimit(Config config) => config.GetString("akka.log-dead-letters") switch
    {
        "on" or "true" or "yes" => int.MaxValue,
        "off" or "false" or "no" => 0,
        _ => config.GetInt("akka.log-dead-letters"),
    };
}
