using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>
/// Runs graphs within an actor system. Its runs end with it: when it is shut down, or when the system or the actor
/// that it was made for stops, they are aborted.
/// </summary>
public abstract class ActorMaterializer : IMaterializer, IDisposable
{
    private protected ActorMaterializer()
    {
    }

    /// <summary>How it runs streams.</summary>
    public abstract ActorMaterializerSettings Settings { get; }

    /// <summary>The system that it belongs to.</summary>
    public abstract ActorSystem System { get; }

    /// <summary>The actor whose end aborts all runs.</summary>
    public abstract IActorRef Supervisor { get; }

    /// <summary>Nothing can be run any more.</summary>
    public abstract bool IsShutdown { get; }

    /// <summary>
    /// The materializer of a system, which is always the same one unless settings are given, or a new one that ends with
    /// the actor whose context is given.
    /// </summary>
    /// <exception cref="ArgumentException">The context is neither a system nor an actor's context.</exception>
    public static ActorMaterializer Create(IActorRefFactory context, ActorMaterializerSettings? settings = null, string? namePrefix = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var system = context switch
        {
            ActorSystemImpl known => known,
            IActorContext actorContext => (ActorSystemImpl)actorContext.System,
            _ => throw new ArgumentException(
                $"ActorRefFactory context must be a ActorSystem or ActorContext, got [{context.GetType()}]", nameof(context)),
        };
        if (ReferenceEquals(context, system) && settings is null)
            return system.GetOrAddExtension(static owner =>
                new ActorMaterializerImpl(owner, owner, ActorMaterializerSettings.Create(owner)));
        return new ActorMaterializerImpl(system, context, settings ?? ActorMaterializerSettings.Create(system));
    }

    /// <inheritdoc/>
    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    /// <inheritdoc/>
    public abstract TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);

    /// <summary>Aborts all runs, and runs nothing any more.</summary>
    public abstract void Shutdown();

    /// <summary>As <see cref="Shutdown"/>.</summary>
    public void Dispose()
    {
        Shutdown();
        GC.SuppressFinalize(this);
    }
}
