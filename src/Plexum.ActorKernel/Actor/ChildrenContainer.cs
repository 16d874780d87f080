using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>What a cell waits for its children's end for.</summary>
internal enum TerminationReason
{
    /// <summary>Nothing: single children were stopped, the actor goes on meanwhile.</summary>
    UserRequest,

    /// <summary>To create the first incarnation again.</summary>
    Creation,

    /// <summary>To create the next incarnation.</summary>
    Recreation,

    /// <summary>To stop itself.</summary>
    Termination,
}

/// <summary>
/// The children of one cell by name. A lock guards it, because the top-level actors of a system are created from any thread.
/// </summary>
internal sealed class ChildrenContainer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IInternalActorRef?> _byName = new(StringComparer.Ordinal);
    private Dictionary<IActorRef, ChildRestartStats>? _stats;
    private HashSet<IActorRef>? _dying;

    public TerminationReason Reason { get; private set; }

    public Exception? Cause { get; private set; }

    public SupervisorStrategy? Strategy { get; set; }

    /// <summary>Whether children are stopping.</summary>
    public bool IsTerminating
    {
        get
        {
            lock (_gate)
            {
                return _dying is { Count: > 0 };
            }
        }
    }

    /// <summary>Whether the cell itself waits for children to stop.</summary>
    public bool IsWaiting => Reason is TerminationReason.Creation or TerminationReason.Recreation;

    public void ForgetStrategy() => Strategy = null;

    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    public void Reserve(string name, ActorPath parent)
    {
        lock (_gate)
        {
            if (Reason == TerminationReason.Termination)
            {
                throw new InvalidOperationException(
                    $"Cannot create child [{name}] of [{parent}]: it is terminating or terminated.");
            }

            if (!_byName.TryAdd(name, null))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique below [{parent}]! Choose another one, or wait until its bearer has stopped.");
            }
        }
    }

    public void Unreserve(string name)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var child) && child is null)
            {
                _byName.Remove(name);
            }
        }
    }

    public void Add(string name, IInternalActorRef child)
    {
        lock (_gate)
        {
            _byName[name] = child;
        }
    }

    public IInternalActorRef? Find(string name)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    public bool Contains(IActorRef actor) => Find(actor.Path.Name) is { } child && child.Equals(actor);

    public IInternalActorRef[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _byName.Values.OfType<IInternalActorRef>()];
        }
    }

    public ChildRestartStats StatsOf(IActorRef child)
    {
        _stats ??= [];
        if (!_stats.TryGetValue(child, out var stats))
        {
            _stats[child] = stats = new ChildRestartStats();
        }

        return stats;
    }

    /// <summary>Notes that a child, if it still is one, is told to stop.</summary>
    public void ShallDie(IActorRef child)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(child.Path.Name, out var known) && child.Equals(known))
            {
                (_dying ??= []).Add(child);
            }
        }
    }

    /// <summary>Has the cell wait for its stopping children; false when there are none.</summary>
    public bool Await(TerminationReason reason, Exception? cause)
    {
        lock (_gate)
        {
            if (_dying is not { Count: > 0 })
            {
                // From here on nobody can add a child to an actor that has ended.
                Reason = reason == TerminationReason.Termination ? reason : Reason;
                return false;
            }

            (Reason, Cause) = (reason, cause);
            return true;
        }
    }

    /// <summary>Takes a stopped child out; true when it was the last that the cell waited for.</summary>
    public bool Remove(IActorRef child, [NotNullWhen(true)] out TerminationReason? awaited, out Exception? cause)
    {
        lock (_gate)
        {
            _byName.Remove(child.Path.Name);
            _stats?.Remove(child);
            var wasLast = _dying is not null && _dying.Remove(child) && _dying.Count == 0;
            (awaited, cause) = (Reason, Cause);
            if (!wasLast || Reason == TerminationReason.UserRequest)
            {
                awaited = null;
                return false;
            }

            if (Reason != TerminationReason.Termination)
            {
                (Reason, Cause) = (TerminationReason.UserRequest, null);
            }

            return true;
        }
    }
}
