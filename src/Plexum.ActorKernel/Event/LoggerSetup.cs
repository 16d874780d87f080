using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>What an actor system does for its log when it starts and when it ends.</summary>
internal static class LoggerSetup
{
    /// <summary>
    /// Starts the configured loggers and the actors that log dead letters and unhandled messages. Returns when every
    /// logger has answered or its time is up.
    /// </summary>
    public static void Start(ActorSystemImpl system)
    {
        system.EventStream.StartUnsubscriber(system);
        system.EventStream.StartLoggers(system);
        if (system.Settings.LogDeadLetters > 0)
        {
            system.EventStream.DeadLetterListener = DeadLetterListener.Start(system);
        }

        if (system.Settings.LogConfigOnStart)
        {
            system.Log.Info(system.Settings.ToString());
        }

        if (system.Settings.DebugUnhandledMessage)
        {
            system.SystemActorOf(Props.Create(() => new UnhandledMessageForwarder()), "UnhandledMessageForwarder");
        }
    }

    /// <summary>Called when termination begins: what is lost from now on is not worth a line, unless settings say so.</summary>
    public static void BeginShutdown(ActorSystemImpl system)
    {
        if (!system.Settings.LogDeadLettersDuringShutdown && system.EventStream.DeadLetterListener is { } listener)
        {
            system.Stop(listener);
        }
    }

    /// <summary>
    /// Called when all user actors have stopped and before the system's own do. Completes when the loggers have printed
    /// what they had got.
    /// </summary>
    public static Task Stop(ActorSystemImpl system) => system.EventStream.StopLoggersAsync(system);
}
