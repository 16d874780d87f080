using System.Linq.Expressions;
using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Creates a top-level actor in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    /// <summary>Creates a top-level actor with a name in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    /// <summary>Creates a top-level actor in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    /// <summary>Creates a top-level actor with a name in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf<TActor>(string? name)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Creates a top-level actor in <see cref="Sys"/>; the expression must be a call of a constructor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    /// <summary>Creates a top-level actor with a name in <see cref="Sys"/>; the expression must be a call of a constructor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string? name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Creates a child of the test actor, which is then its supervisor with the default strategy.</summary>
    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default)
    {
        TestActor.Tell(new TestActorCommand.Spawn(props, null), ActorRefs.NoSender);
        return ExpectMsg<IActorRef>(cancellationToken: cancellationToken);
    }

    /// <summary>Creates a child with a name of the test actor, which is then its supervisor with the default strategy.</summary>
    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default)
    {
        TestActor.Tell(new TestActorCommand.Spawn(props, name), ActorRefs.NoSender);
        return ExpectMsg<IActorRef>(cancellationToken: cancellationToken);
    }

    /// <inheritdoc cref="ChildActorOf(Props, CancellationToken)" />
    public async Task<IActorRef> ChildActorOfAsync(Props props, CancellationToken cancellationToken = default)
    {
        TestActor.Tell(new TestActorCommand.Spawn(props, null), ActorRefs.NoSender);
        return await ExpectMsgAsync<IActorRef>(cancellationToken: cancellationToken);
    }

    /// <inheritdoc cref="ChildActorOf(Props, string, CancellationToken)" />
    public async Task<IActorRef> ChildActorOfAsync(Props props, string name, CancellationToken cancellationToken = default)
    {
        TestActor.Tell(new TestActorCommand.Spawn(props, name), ActorRefs.NoSender);
        return await ExpectMsgAsync<IActorRef>(cancellationToken: cancellationToken);
    }

    /// <summary>Lets the test actor watch an actor; on return it does. The end comes as a <see cref="Terminated"/>.</summary>
    /// <returns><paramref name="actorToWatch"/></returns>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        WatchAsync(actorToWatch).GetAwaiter().GetResult();
        return actorToWatch;
    }

    /// <inheritdoc cref="Watch" />
    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        ArgumentNullException.ThrowIfNull(actorToWatch);
        await TestActor.Ask(new TestActorCommand.Watch(actorToWatch), RemainingOrDefault).ConfigureAwait(false);
        return actorToWatch;
    }

    /// <summary>Ends what <see cref="Watch"/> began; on return the test actor no longer watches.</summary>
    /// <returns><paramref name="actorToUnwatch"/></returns>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        UnwatchAsync(actorToUnwatch).GetAwaiter().GetResult();
        return actorToUnwatch;
    }

    /// <inheritdoc cref="Unwatch" />
    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        ArgumentNullException.ThrowIfNull(actorToUnwatch);
        await TestActor.Ask(new TestActorCommand.Unwatch(actorToUnwatch), RemainingOrDefault).ConfigureAwait(false);
        return actorToUnwatch;
    }

    /// <summary>From now on the test actor drops the messages for which <paramref name="shouldIgnoreMessage"/> is true.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => SetIgnore(shouldIgnoreMessage);

    /// <summary>From now on the test actor drops the messages of a type for which <paramref name="shouldIgnoreMessage"/> is true.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        SetIgnore(message => message is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>From now on the test actor drops the messages of a type.</summary>
    public void IgnoreMessages<TMsg>() => SetIgnore(static message => message is TMsg);

    /// <summary>From now on the test actor drops nothing.</summary>
    public void IgnoreNoMessages() => SetIgnore(null);

    /// <summary>Lets <paramref name="pilot"/> act on each message that the test actor takes in from now on.</summary>
    public void SetAutoPilot(AutoPilot pilot) =>
        TestActor.Tell(new TestActorCommand.SetAutoPilot(pilot), ActorRefs.NoSender);

    private void SetIgnore(Func<object, bool>? ignore) =>
        TestActor.Tell(new TestActorCommand.SetIgnore(ignore), ActorRefs.NoSender);
}
