using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Asks the host for an actor by the key under which it is registered.</summary>
/// <typeparam name="TActor">The key.</typeparam>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">It is not registered yet.</exception>
    IActorRef ActorRef { get; }

    /// <summary>The actor, as soon as it is registered.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>Looks the actor up at first use.</summary>
/// <typeparam name="TActor">The key.</typeparam>
public sealed class RequiredActor<TActor> : IRequiredActor<TActor>
{
    private readonly IReadOnlyActorRegistry _registry;
    private IActorRef? _found;

    /// <summary>Creates it.</summary>
    public RequiredActor(IReadOnlyActorRegistry registry) => _registry = registry;

    /// <inheritdoc/>
    public IActorRef ActorRef
    {
        get
        {
            if (_found is null && _registry.TryGet<TActor>(out var actor))
            {
                _found = actor;
            }

            return _found ?? throw new MissingActorRegistryEntryException(
                $"Unable to resolve actor type [{typeof(TActor)}]: no actor is registered under it. A hosted service that " +
                "starts before the actor system does must use GetAsync, which waits for the actor.");
        }
    }

    /// <inheritdoc/>
    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) =>
        _found ??= await _registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}
