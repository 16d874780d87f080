using Akka.Actor;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>
/// A test actor of its own, beside the one of the test, to stand for a peer, a parent or a watcher. It can be given
/// wherever an actor reference is wanted; then it is <see cref="Ref"/>.
/// </summary>
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    /// <summary>Creates a probe in <paramref name="system"/>; tests call <c>CreateTestProbe</c>.</summary>
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The probe as a reference.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the message that was received last.</summary>
    /// <exception cref="IllegalActorStateException">The last attempt to receive got nothing.</exception>
    public IActorRef Sender => LastSender;

    /// <inheritdoc />
    ActorPath IActorRef.Path => TestActor.Path;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    ActorSystem? IInternalActorRef.System => Sys;

    bool IInternalActorRef.IsTerminated => Inner.IsTerminated;

    /// <summary>Sends a message to <paramref name="actor"/> with the probe as its sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Sends the message that was received last on, with its own sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage, Sender);

    /// <summary>Sends a message on in the name of the sender of the message that was received last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    /// <summary>Answers the message that was received last, with the probe as the sender.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Creates a child of the probe, which is then its supervisor with the default strategy.</summary>
    public IActorRef ChildActorOf<T>(CancellationToken cancellationToken = default)
        where T : ActorBase => ChildActorOf(Props.Create<T>(), cancellationToken);

    /// <summary>Creates a child with a name of the probe, which is then its supervisor with the default strategy.</summary>
    public IActorRef ChildActorOf<T>(string name, CancellationToken cancellationToken = default)
        where T : ActorBase => ChildActorOf(Props.Create<T>(), name, cancellationToken);

    /// <inheritdoc cref="ChildActorOf{T}(CancellationToken)" />
    public Task<IActorRef> ChildActorOfAsync<T>(CancellationToken cancellationToken = default)
        where T : ActorBase => ChildActorOfAsync(Props.Create<T>(), cancellationToken);

    /// <inheritdoc cref="ChildActorOf{T}(string, CancellationToken)" />
    public Task<IActorRef> ChildActorOfAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : ActorBase => ChildActorOfAsync(Props.Create<T>(), name, cancellationToken);

    /// <summary>Not possible: a probe belongs to the test that made it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override TestProbe CreateTestProbe(string? name = null) =>
        throw new NotSupportedException("Cannot create a TestProbe from a TestProbe; ask the test for one.");

    /// <inheritdoc />
    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    // An actor knows itself as the subject of a watch only by its own reference.
    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message switch
    {
        Watch watch when ReferenceEquals(watch.Watchee, this) => new Watch(Inner, watch.Watcher),
        Unwatch unwatch when ReferenceEquals(unwatch.Watchee, this) => new Unwatch(Inner, unwatch.Watcher),
        _ => message,
    });

    /// <inheritdoc />
    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other);

    /// <inheritdoc />
    public override bool Equals(object? obj) => TestActor.Equals(obj);

    /// <inheritdoc />
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc />
    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    /// <inheritdoc />
    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    /// <inheritdoc />
    public override string ToString() => $"TestProbe({TestActor})";
}
