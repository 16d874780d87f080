namespace Akka.Actor;

internal sealed class MessageStash(ActorCell cell) : IStash
{
    private readonly LinkedList<Envelope> _stashed = new();
    private int _lastStashed;

    public int Count => _stashed.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => !IsEmpty;

    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    public int Capacity => cell.Props.StashCapacity;

    public void Stash()
    {
        var message = cell.CurrentMessage
            ?? throw new IllegalActorStateException($"{cell.Self} has no message at hand that it could stash.");
        if (cell.CurrentEnvelopeId == _lastStashed)
        {
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        }

        _lastStashed = cell.CurrentEnvelopeId;
        if (Capacity > 0 && Count >= Capacity)
        {
            throw new StashOverflowException(
                $"Couldn't enqueue message {message} from {cell.Sender} to stash of {cell.Self}: it holds {Capacity} already.");
        }

        _stashed.AddLast(new Envelope(message, cell.Sender));
    }

    public void Unstash()
    {
        if (_stashed.First is { } oldest)
        {
            _stashed.RemoveFirst();
            cell.EnqueueFirst(oldest.Value);
        }
    }

    public void UnstashAll() => UnstashAll(_ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        for (var node = _stashed.Last; node is not null; node = node.Previous)
        {
            if (predicate(node.Value))
            {
                cell.EnqueueFirst(node.Value);
            }
        }

        _stashed.Clear();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] stashed = [.. _stashed];
        _stashed.Clear();
        return stashed;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Distinct().Reverse())
        {
            _stashed.AddFirst(envelope);
        }
    }
}
