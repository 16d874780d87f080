using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes the instances of an actor, for example with a service provider.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The type of what <see cref="Produce"/> makes.</summary>
    Type ActorType { get; }

    /// <summary>Makes a new instance; never the same twice.</summary>
    ActorBase Produce();

    /// <summary>Called when an instance has stopped or was replaced.</summary>
    void Release(ActorBase actor);
}

/// <summary>Calls a constructor. What it found out of a type is kept for all its actors.</summary>
internal sealed class ActivatorProducer : IIndirectActorProducer
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();

    private readonly ConstructorInvoker? _invoker;
    private readonly object?[] _args;

    private ActivatorProducer(Type type, ConstructorInfo? constructor, object?[] args)
    {
        ActorType = type;
        _args = args;
        _invoker = constructor is null ? null : Invokers.GetOrAdd(constructor, ConstructorInvoker.Create);
    }

    public Type ActorType { get; }

    public static ActivatorProducer For(Type type, object?[] args) =>
        new(type, args.Length == 0 ? type.GetConstructor(Type.EmptyTypes) : null, args);

    // Akka.NET leaves the choice to the activator, which sees public constructors only.
    public static ActivatorProducer For(Type type, ConstructorInfo? constructor, object?[] args) =>
        new(type, constructor is { IsPublic: true } ? constructor : null, args);

    // Where no constructor was found beforehand, the activator chooses one by the arguments, or throws a sentence that says why not.
    public ActorBase Produce() =>
        (ActorBase)(_invoker is null ? Activator.CreateInstance(ActorType, _args)! : _invoker.Invoke(_args.AsSpan())!);

    public void Release(ActorBase actor)
    {
    }
}
