using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.Pattern;

namespace Akka.Streams.Implementation;

/// <summary>Keeps the islands that run, and aborts them when its supervisor stops.</summary>
internal sealed class ActorMaterializerImpl : ActorMaterializer, IStreamHost
{
    private static long _number = -1;

    private readonly ActorSystemImpl _system;
    private readonly Attributes _defaults;
    private readonly Lock _lock = new();
    private readonly HashSet<Island> _islands = [];
    private bool _isShutdown;

    internal ActorMaterializerImpl(ActorSystemImpl system, IActorRefFactory parent, ActorMaterializerSettings settings)
    {
        _system = system;
        Settings = settings;
        _defaults = settings.ToAttributes();
        Log = Logging.GetLogger(system, typeof(ActorMaterializer));
        Supervisor = parent.ActorOf(
            Props.Create(typeof(StreamSupervisor), this),
            FormattableString.Invariant($"StreamSupervisor-{Interlocked.Increment(ref _number)}"));
    }

    public override ActorMaterializerSettings Settings { get; }

    public override ActorSystem System => _system;

    public override IActorRef Supervisor { get; }

    public override bool IsShutdown => Volatile.Read(ref _isShutdown);

    public ILoggingAdapter Log { get; }

    ActorSystemImpl IStreamHost.System => _system;

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable) => Materialize(runnable, _defaults);

    public override TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes)
    {
        var layout = Layout.Of(runnable);
        if (IsShutdown)
            throw new IllegalStateException("Attempted to call Materialize() after the ActorMaterializer has been shut down.");
        var (value, islands) = new Materialization(this).Run(layout, initialAttributes);
        bool isLate;
        lock (_lock)
        {
            isLate = _isShutdown;
            _islands.UnionWith(islands);
        }

        if (isLate) Abort(islands);
        foreach (var island in islands) island.Launch();
        return (TMat)value;
    }

    public override void Shutdown()
    {
        if (!Interlocked.Exchange(ref _isShutdown, true)) Supervisor.Tell(PoisonPill.Instance);
    }

    public Exception AbruptTermination() => new AbruptTerminationException(Supervisor);

    public void Remove(Island island)
    {
        lock (_lock) _islands.Remove(island);
    }

    private void SupervisorStopped()
    {
        Island[] islands;
        lock (_lock)
        {
            _isShutdown = true;
            islands = [.. _islands];
        }

        Abort(islands);
    }

    private void Abort(IEnumerable<Island> islands)
    {
        foreach (var island in islands) island.Abort(AbruptTermination());
    }

    /// <summary>Stands for the materializer in the tree of actors.</summary>
    private sealed class StreamSupervisor(ActorMaterializerImpl owner) : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => owner.SupervisorStopped();
    }
}
