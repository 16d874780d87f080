using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.DependencyInjection;

/// <summary>Makes actors whose constructors take services of the host beside arguments of their own.</summary>
public sealed class DependencyResolver
{
    /// <summary>Creates it.</summary>
    public DependencyResolver(IDependencyResolver resolver) => Resolver = resolver;

    /// <summary>Where the services come from.</summary>
    public IDependencyResolver Resolver { get; }

    /// <summary>The resolver of a system that the host has started.</summary>
    /// <exception cref="ConfigurationException">The system was not started by a host, so it has no services.</exception>
    public static DependencyResolver For(ActorSystem actorSystem) =>
        ((ActorSystemImpl)actorSystem).GetOrAddExtension<DependencyResolver>(system => throw new ConfigurationException(
            $"The actor system {system.Name} has no services for dependency injection: start it with services.AddAkka(…)."));

    /// <summary>An actor whose constructor takes services.</summary>
    public Props Props<T>()
        where T : ActorBase => Resolver.Props<T>();

    /// <summary>An actor whose constructor takes <paramref name="args"/>, and services for the rest.</summary>
    public Props Props<T>(params object[] args)
        where T : ActorBase => Resolver.Props<T>(args);

    /// <summary>An actor whose constructor takes services.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public Props Props(Type type) => Resolver.Props(type);

    /// <summary>An actor whose constructor takes <paramref name="args"/>, and services for the rest.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public Props Props(Type type, params object[] args) => Resolver.Props(type, args);
}
