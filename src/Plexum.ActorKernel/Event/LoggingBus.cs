using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Event;

/// <summary>An event bus that knows the system's loggers and the level that they are to get.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static int s_loggerNumber;
    private readonly List<IActorRef> _loggers = [];

    /// <summary>The lowest level that the loggers get.</summary>
    public LogLevel LogLevel { get; private set; }

    /// <summary>Starts to print to standard output what is at or above <c>akka.stdout-loglevel</c>.</summary>
    public void StartStdoutLogger(Settings config) =>
        SubscribeFrom(Logging.LogLevelFor(config.StdoutLogLevel), config.StdoutLogger);

    /// <summary>Changes the level of all loggers. Adapters keep the level that they were created with.</summary>
    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        lock (_loggers)
        {
            foreach (var logger in _loggers)
            {
                SubscribeFrom(logLevel, logger);
            }
        }
    }

    internal void StartLoggers(ActorSystemImpl system)
    {
        StartStdoutLogger(system.Settings);
        var types = system.Settings.Loggers.Select(FindLogger).ToArray();
        var loggers = Array.ConvertAll(types, type => system.SystemActorOf(
            Props.Create(type), $"log{Interlocked.Increment(ref s_loggerNumber)}-{Logging.SimpleName(type)}"));
        var answers = Array.ConvertAll(loggers, logger =>
            logger.Ask<object>(new InitializeLogger(this), Timeout.InfiniteTimeSpan));
        for (var i = 0; i < types.Length; i++)
        {
            var (type, logger) = (types[i], loggers[i]);
            if (answers[i].Wait(system.Settings.LoggerStartTimeout))
            {
                Admit(system, type, logger, answers[i].Result);
                continue;
            }

            Publish(new Warning(nameof(LoggingBus), GetType(), $"Logger {type} did not answer InitializeLogger within " +
                $"{system.Settings.LoggerStartTimeout}. It is used as soon as it does; lines until then may be missing in it."));
            answers[i].ContinueWith(late => Admit(system, type, logger, late.Result), TaskScheduler.Default);
        }

        Unsubscribe(system.Settings.StdoutLogger);
    }

    /// <summary>Lets the loggers print what they have got, then stops them; from now on standard output takes over.</summary>
    internal async Task StopLoggersAsync(ActorSystemImpl system)
    {
        StartStdoutLogger(system.Settings);
        IActorRef[] loggers;
        lock (_loggers)
        {
            loggers = [.. _loggers];
            _loggers.Clear();
        }

        foreach (var logger in loggers)
        {
            Unsubscribe(logger);
        }

        try
        {
            await Task.WhenAll(loggers.Select(l => l.GracefulStop(system.Settings.LoggerStartTimeout, PoisonPill.Instance)))
                .ConfigureAwait(false);
        }
        catch (TaskCanceledException)
        {
            Publish(new Warning(nameof(LoggingBus), GetType(), "A logger did not come to an end within " +
                $"{system.Settings.LoggerStartTimeout} of the system's termination; its last lines may be missing."));
        }
    }

    /// <inheritdoc/>
    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    /// <inheritdoc/>
    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    /// <inheritdoc/>
    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <inheritdoc/>
    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    private void SubscribeFrom(LogLevel lowest, IActorRef logger)
    {
        foreach (var level in Logging.AllLevels)
        {
            if (level >= lowest)
            {
                Subscribe(logger, level.ClassFor());
            }
            else
            {
                Unsubscribe(logger, level.ClassFor());
            }
        }
    }

    private static Type FindLogger(string typeName) => TypeNames.Find(typeName) ?? throw new ConfigurationException(
        $"Logger specified in config cannot be found: \"{typeName}\". Correct akka.loggers, or write the type's name " +
        "with its assembly.");

    private void Admit(ActorSystemImpl system, Type type, IActorRef logger, object answer)
    {
        if (answer is not LoggerInitialized)
        {
            Publish(new Error(null, nameof(LoggingBus), GetType(), $"Logger {type} answered InitializeLogger with " +
                $"{answer.GetType()} instead of LoggerInitialized. It is stopped."));
            system.Stop(logger);
            return;
        }

        lock (_loggers)
        {
            _loggers.Add(logger);
            SubscribeFrom(LogLevel, logger);
        }
    }
}
