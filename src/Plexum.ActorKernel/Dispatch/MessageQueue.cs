using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// An unbounded queue for many producers and one consumer. It is a chain of rings: a ring that is full is frozen and
/// followed by one of twice its size, so that an actor that is seldom written to keeps a small one, and one that is
/// written to all the time uses the same ring again and again without allocating.
/// </summary>
internal sealed class MessageQueue
{
    private const int SmallestRing = 2;
    private const int LargestRing = 1 << 16;

    private MessageRing _tail;
    private MessageRing _head;

    public MessageQueue()
    {
        _head = _tail = new MessageRing(SmallestRing);
    }

    /// <summary>Whether a message is there or on its way in. Asked by the consumer.</summary>
    public bool IsEmpty => _head.IsEmpty && _head.Next is null;

    public void Enqueue(object message, IActorRef? sender)
    {
        while (!Volatile.Read(ref _tail).TryEnqueue(message, sender))
        {
            Grow();
        }
    }

    /// <summary>Takes the oldest message. Called by the consumer only.</summary>
    public bool TryDequeue(out Envelope envelope)
    {
        while (!_head.TryDequeue(out envelope))
        {
            // A frozen ring gets no more messages: once it is empty behind its freezing, the next one holds the rest.
            if (Volatile.Read(ref _head.Next) is not { } next)
            {
                return false;
            }

            if (_head.IsEmpty)
            {
                _head = next;
            }
        }

        return true;
    }

    private void Grow()
    {
        // The queue is nobody else's, so it can be its own lock: one object less for every actor.
        lock (this)
        {
            var full = _tail;
            if (!full.IsFull)
            {
                return;
            }

            full.Freeze();
            var next = new MessageRing(Math.Min(full.Capacity * 2, LargestRing));
            Volatile.Write(ref full.Next, next);
            Volatile.Write(ref _tail, next);
        }
    }
}
