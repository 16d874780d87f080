using Akka.Actor;

namespace Akka.DependencyInjection;

/// <summary>The services of the host, and actors made from them.</summary>
public interface IDependencyResolver
{
    /// <summary>A service, or null.</summary>
    T? GetService<T>();

    /// <summary>A service, or null.</summary>
    object? GetService(Type type);

    /// <summary>An actor whose constructor takes <paramref name="args"/>, and services for the rest.</summary>
    Props Props<T>(params object[] args)
        where T : ActorBase;

    /// <summary>An actor whose constructor takes services.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    Props Props(Type type);

    /// <summary>An actor whose constructor takes <paramref name="args"/>, and services for the rest.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    Props Props(Type type, params object[] args);
}
