using Akka.Actor;
using Akka.Event;

namespace Plexum.Codex.Agents;

/// <summary>A child that an agent creates on demand, and again after it has failed.</summary>
internal sealed class ChildLease(IActorContext context, Props props, string name)
{
    private IActorRef? _child;

    /// <summary>The child, created if necessary.</summary>
    public IActorRef Get()
    {
        if (_child is null)
        {
            _child = context.ActorOf(props, name);
            context.WatchWith(_child, new ChildLost(_child));
        }

        return _child;
    }

    /// <summary>The child, if there is one.</summary>
    public IActorRef? Existing => _child;

    /// <summary>Forgets the child if it is the lost one; the next <see cref="Get"/> creates another.</summary>
    /// <returns>Whether it was the lost one.</returns>
    public bool Forget(ChildLost lost)
    {
        if (!lost.Child.Equals(_child))
        {
            return false;
        }

        _child = null;
        return true;
    }
}

/// <summary>A child failed and was stopped.</summary>
internal sealed record ChildLost(IActorRef Child) : IDeadLetterSuppression;
