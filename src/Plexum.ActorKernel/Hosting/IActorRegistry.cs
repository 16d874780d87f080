using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds actors by a type that stands for them, usually their own.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <summary>The actor, if it is registered by now; else <see cref="ActorRefs.Nobody"/>.</summary>
    bool TryGet<TKey>(out IActorRef actor);

    /// <summary>The actor, if it is registered by now; else <see cref="ActorRefs.Nobody"/>.</summary>
    bool TryGet(Type key, out IActorRef actor);

    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">It is not registered.</exception>
    IActorRef Get<TKey>();

    /// <summary>The actor, as soon as it is registered.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>The actor, as soon as it is registered.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}

/// <summary>A registry that can be added to.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <summary>Registers an actor.</summary>
    /// <exception cref="DuplicateActorRegistryException">There is one for this key, and it is not to be replaced.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor.</summary>
    /// <returns>False when there is one for this key, and it is not to be replaced.</returns>
    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor.</summary>
    /// <returns>False when there is one for this key, and it is not to be replaced.</returns>
    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}
