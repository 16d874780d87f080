using Akka.Actor;
using Akka.Event;

namespace Plexum.Codex.Agents;

/// <summary>A child that an agent makes when it first needs it, and anew after it has failed.</summary>
internal sealed class ChildLease(IActorContext context, Props props, string name)
{
    private IActorRef? _child;

    /// <summary>The child.</summary>
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

    /// <summary>Whether it was this child that was lost; the next <see cref="Get"/> makes another.</summary>
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
