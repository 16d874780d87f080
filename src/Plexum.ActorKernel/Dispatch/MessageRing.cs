using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// One bounded ring of a <see cref="MessageQueue"/>. Each slot carries a number that says whose turn it is: equal to the
/// position a producer wants, the slot is free; one higher, it holds that position's message.
/// </summary>
internal sealed class MessageRing
{
    public MessageRing? Next;

    private readonly Slot[] _slots;
    private readonly int _mask;
    private int _tail;

    private ConsumerSide _consumer;

    public MessageRing(int capacity)
    {
        _slots = new Slot[capacity];
        _mask = capacity - 1;
        for (var i = 0; i < capacity; i++)
        {
            _slots[i].Turn = i;
        }
    }

    public int Capacity => _slots.Length;

    public bool IsEmpty => Count == 0;

    /// <summary>Whether the slot that the next message needs is still taken.</summary>
    public bool IsFull
    {
        get
        {
            var tail = Volatile.Read(ref _tail);
            return Volatile.Read(ref _slots[tail & _mask].Turn) - tail < 0;
        }
    }

    // A frozen ring's tail stands two rounds ahead, which no ring reaches by filling.
    private int Count
    {
        get
        {
            var count = Volatile.Read(ref _tail) - _consumer.Head;
            return count > _slots.Length ? count - (2 * _slots.Length) : count;
        }
    }

    /// <summary>Puts a message in; false when the ring is full or frozen.</summary>
    public bool TryEnqueue(object message, IActorRef? sender)
    {
        var slots = _slots;
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            ref var slot = ref slots[tail & _mask];
            var turn = Volatile.Read(ref slot.Turn) - tail;
            if (turn == 0)
            {
                if (Interlocked.CompareExchange(ref _tail, tail + 1, tail) == tail)
                {
                    slot.Message = message;
                    slot.Sender = sender;
                    Volatile.Write(ref slot.Turn, tail + 1);
                    return true;
                }
            }
            else if (turn < 0)
            {
                return false;
            }
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        ref var slot = ref _slots[_consumer.Head & _mask];
        if (Volatile.Read(ref slot.Turn) != _consumer.Head + 1)
        {
            if (Count == 0)
            {
                envelope = default;
                return false;
            }

            AwaitPublication(ref slot);
        }

        envelope = new Envelope(slot.Message!, slot.Sender!);
        slot.Message = null;
        slot.Sender = null;
        Volatile.Write(ref slot.Turn, _consumer.Head + _slots.Length);
        _consumer.Head++;
        return true;
    }

    /// <summary>Makes every later <see cref="TryEnqueue"/> fail.</summary>
    public void Freeze() => Interlocked.Add(ref _tail, 2 * _slots.Length);

    // A producer has taken the slot and is about to write it: a matter of nanoseconds, unless its thread was put to sleep.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitPublication(ref Slot slot)
    {
        var spinner = default(SpinWait);
        while (Volatile.Read(ref slot.Turn) != _consumer.Head + 1)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    // Producers write the tail and the consumer writes the head, for every message: on one line of the processors' caches they
    // would take it from each other all the time.
    [StructLayout(LayoutKind.Explicit, Size = 68)]
    private struct ConsumerSide
    {
        [FieldOffset(64)]
        public int Head;
    }

    private struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
        public int Turn;
    }
}
