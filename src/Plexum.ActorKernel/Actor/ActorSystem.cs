using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share: scheduler, event stream, configuration. Expensive; a process has one.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    /// <summary>The system's name.</summary>
    public abstract string Name { get; }

    /// <summary>The system's settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>Where the system publishes what happens in it.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where undeliverable messages go.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Sends messages and runs actions later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The system's own log.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Ends when the system has ended.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>How long the system has run.</summary>
    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>When the system was started, on its scheduler's monotonic clock.</summary>
    public TimeSpan StartTime { get; private protected set; }

    /// <summary>Starts a system with the default settings.</summary>
    public static ActorSystem Create(string name) => Create(name, Config.Empty);

    /// <summary>Starts a system; what the configuration does not say has its default.</summary>
    /// <exception cref="ArgumentException">The name holds more than letters, digits and -, or begins with -.</exception>
    public static ActorSystem Create(string name, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var system = new ActorSystemImpl(name, config);
        system.Start();
        return system;
    }

    /// <inheritdoc />
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Stops an actor after the message that it is processing.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Has an action run when the system has ended; the last registered runs first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops all actors, children before parents, then the system.</summary>
    /// <returns><see cref="WhenTerminated"/>.</returns>
    public abstract Task Terminate();

    /// <summary>Begins to stop the system.</summary>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What the runtime's own parts need beyond <see cref="ActorSystem"/>.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Creates an actor below the system's guardian, where it outlives all of the user's.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);
}
