using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Children: making, finding, suspending and stopping them.</summary>
internal sealed partial class ActorCell
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private static long _lastUid;

    private ChildrenContainer? _children;
    private long _namesGiven;

    private ChildrenContainer Children =>
        Volatile.Read(ref _children) ?? Interlocked.CompareExchange(ref _children, new ChildrenContainer(), null) ?? _children;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (_terminated)
        {
            throw new InvalidOperationException($"Cannot create a child of [{_self.Path}]: it is terminating or terminated.");
        }

        if (name is not null)
        {
            CheckName(name);
        }

        var children = Children;
        var childName = name ?? NextName();
        children.Reserve(childName, _self.Path);
        try
        {
            var path = ActorPath.OfChild(_self.Path, childName, Interlocked.Increment(ref _lastUid));
            var child = new LocalActorRef(SystemImpl, props, this, path);
            children.Add(childName, child);
            child.SendSystemMessage(new Create());
            return child;
        }
        catch
        {
            children.Unreserve(childName);
            throw;
        }
    }

    /// <summary>
    /// Makes room for children now. A guardian needs it: others than itself create its children, also while it is stopping.
    /// </summary>
    public void ExpectChildrenFromAnyThread() => _ = Children;

    public IActorRef Child(string name) => _children?.Find(name) ?? (IActorRef)ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => _children?.Snapshot() ?? [];

    public void Stop(IActorRef child)
    {
        _children?.ShallDie(child);
        ((IInternalActorRef)child).SendSystemMessage(new Terminate());
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
        {
            throw new InvalidActorNameException("Actor name must not be empty; leave it out to get one.");
        }

        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]: it must not start with $ and holds only letters, digits, {ActorPath.ValidSymbols} and %xx.");
        }
    }

    private string NextName()
    {
        var number = Interlocked.Increment(ref _namesGiven) - 1;
        Span<char> name = stackalloc char[16];
        var length = 0;
        name[length++] = '$';
        do
        {
            name[length++] = NameDigits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(name[..length]);
    }

    private void SuspendChildren(IReadOnlyCollection<IActorRef>? exempt)
    {
        foreach (var child in _children?.Snapshot() ?? [])
        {
            if (exempt is null || !exempt.Contains(child))
            {
                child.SendSystemMessage(new Suspend());
            }
        }
    }

    private void ResumeChildren(Exception? cause, IActorRef? perpetrator)
    {
        foreach (var child in _children?.Snapshot() ?? [])
        {
            child.SendSystemMessage(new Resume(child.Equals(perpetrator) ? cause : null));
        }
    }

    private void StopChildren()
    {
        foreach (var child in _children?.Snapshot() ?? [])
        {
            Stop(child);
        }
    }

    private bool AwaitChildren(TerminationReason reason, Exception? cause = null) =>
        _children is { } children && children.Await(reason, cause);

    private void ChildTerminated(IActorRef child)
    {
        var wasLast = _children!.Remove(child, out var awaited, out var cause);
        if (_actor is not null && _failed is null)
        {
            TellStrategy(child);
        }

        if (!wasLast)
        {
            return;
        }

        switch (awaited)
        {
            case TerminationReason.Creation:
                FinishCreate();
                break;
            case TerminationReason.Recreation:
                FinishRecreate(cause!);
                break;
            case TerminationReason.Termination:
                FinishTerminate();
                break;
        }
    }

    private void TellStrategy(IActorRef child)
    {
        try
        {
            _children!.Strategy?.HandleChildTerminated(this, child, GetChildren());
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), _actor!.GetType(), "HandleChildTerminated failed"));
            HandleInvokeFailure(e, exempt: null);
        }
    }
}
