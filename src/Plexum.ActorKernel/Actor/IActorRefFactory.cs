namespace Akka.Actor;

/// <summary>Something that creates actors: a system, or an actor's context.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates a child; without a name it gets one of its own.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or cannot be a name.</exception>
    IActorRef ActorOf(Props props, string? name = null);
}

/// <summary>Shorter ways to create actors.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Creates an actor that has a constructor without parameters.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() =>
        factory.ActorOf(Props.Create<TActor>(), name);
}
