using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// What a test needs around one actor system: a test actor whose messages are inspected with <c>ExpectMsg</c> and its
/// kin, probes, time windows and event filters. One instance serves one test, which uses it from one thread at a time.
/// </summary>
/// <remarks>
/// Unless the class is an <see cref="INoImplicitSender"/>, the test actor is the sender of what the test tells without
/// naming a sender.
/// </remarks>
public abstract partial class TestKitBase : IActorRefFactory
{
    private readonly ITestKitAssertions _assertions;
    private TestKitState _state = null!;

    /// <summary>Tests <paramref name="system"/>, or a new system with the default configuration.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        _assertions = assertions;
        InitializeTest(system, ConfigResources.Reference, null, testActorName);
    }

    /// <summary>Tests a new system; what <paramref name="config"/> does not say is as in <see cref="DefaultConfig"/>.</summary>
    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        _assertions = assertions;
        InitializeTest(null, config, actorSystemName, testActorName);
    }

    /// <summary>What every system under test has: the listening logger and <c>akka.test</c>.</summary>
    public static Config DefaultConfig => ConfigResources.Reference;

    /// <summary>Turns on all that the runtime can log.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          stdout-loglevel = DEBUG
          log-dead-letters = on
          log-dead-letters-during-shutdown = on
          actor.debug {
            receive = on
            autoreceive = on
            lifecycle = on
            event-stream = on
            unhandled = on
          }
        }
        """);

    /// <summary>The system under test.</summary>
    public ActorSystem Sys => _state.System;

    /// <summary>The settings under <c>akka.test</c>.</summary>
    public TestKitSettings TestKitSettings => _state.Settings;

    /// <summary>The actor whose messages the expectations inspect.</summary>
    public IActorRef TestActor => _state.TestActor;

    /// <summary>Logs to the system under test.</summary>
    public ILoggingAdapter Log => _state.Log;

    /// <summary>The message that was received or peeked last.</summary>
    /// <exception cref="IllegalActorStateException">The last attempt to receive got nothing.</exception>
    public object LastMessage => _state.LastMessage.Message;

    /// <summary>Who sent <see cref="LastMessage"/>.</summary>
    /// <exception cref="IllegalActorStateException">The last attempt to receive got nothing.</exception>
    public IActorRef LastSender => _state.LastMessage.Sender;

    /// <summary>Whether the test actor holds a message that no expectation took yet.</summary>
    public bool HasMessages => _state.Queue.Count > 0;

    /// <summary>Builds filters for what <see cref="Sys"/> logs.</summary>
    public EventFilterFactory EventFilter => _state.EventFilter;

    /// <summary>Builds filters for what <paramref name="system"/> logs, which must have a <see cref="TestEventListener"/>.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Creates a probe: another test actor, with expectations of its own.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>Creates a probe in <paramref name="system"/>.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    /// <summary>Creates a further actor that puts its messages into this test's queue.</summary>
    public IActorRef CreateTestActor(string name) => CreateTestActor(Sys, _state.Queue, name);

    /// <summary>Stops the system under test and waits until it has stopped; see the other overload.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Starts the test's state: at construction, and again whenever a test wants a fresh system.</summary>
    protected void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName)
    {
        ArgumentNullException.ThrowIfNull(config);
        system ??= ActorSystem.Create(
            actorSystemName ?? "test",
            ReferenceEquals(config, DefaultConfig) ? config : config.WithFallback(DefaultConfig));
        _state = new TestKitState(this, system);
        _state.TestActor = CreateTestActor(system, _state.Queue, TestKitState.NameFor(testActorName));
        ImplicitSender.Use(this, _state.TestActor);
    }

    /// <summary>
    /// Terminates <paramref name="system"/> and waits for the end, at most <paramref name="duration"/> or else five
    /// dilated seconds, never more than ten. What does not stop in time is logged.
    /// </summary>
    /// <exception cref="TimeoutException">It did not stop in time and <paramref name="verifySystemShutdown"/> is set.</exception>
    protected virtual void Shutdown(ActorSystem? system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        system ??= Sys;
        var max = duration ?? TimeSpan.FromSeconds(Math.Min(5 * TestKitSettings.TestTimeFactor, 10));
        if (system.Terminate().Wait(max))
        {
            return;
        }

        var message = $"Failed to stop [{system.Name}] within [{max}]. Some actor of it does not end its turn or its PostStop.";
        if (verifySystemShutdown)
        {
            throw new TimeoutException(message);
        }

        system.Log.Warning("{0}", message);
    }

    private static IActorRef CreateTestActor(ActorSystem system, MessageQueue queue, string name) =>
        ((ExtendedActorSystem)system).SystemActorOf(
            Props.Create(() => new InternalTestActor(queue)).OnCallingThread(), name);
}
