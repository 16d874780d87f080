using System.Numerics;

namespace Akka.Streams.Implementation;

/// <summary>A queue that grows up to a bound; its user looks at <see cref="IsFull"/> before adding.</summary>
internal sealed class RingBuffer<T>
{
    private const int FirstSize = 16;

    private readonly int _bound;
    private T[] _slots;
    private int _head;

    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    internal RingBuffer(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        _bound = bound;
        _slots = new T[BitOperations.RoundUpToPowerOf2((uint)Math.Min(bound, FirstSize))];
    }

    internal int Count { get; private set; }

    internal bool IsEmpty => Count == 0;

    internal bool IsFull => Count >= _bound;

    private int Mask => _slots.Length - 1;

    /// <summary>The element that has waited longest.</summary>
    internal ref T Oldest => ref _slots[_head & Mask];

    internal void Enqueue(T element)
    {
        if (Count == _slots.Length) Grow();
        _slots[(_head + Count) & Mask] = element;
        Count++;
    }

    internal T Dequeue()
    {
        ref var slot = ref Oldest;
        var element = slot;
        slot = default!;
        _head++;
        Count--;
        return element;
    }

    internal void DropNewest()
    {
        Count--;
        _slots[(_head + Count) & Mask] = default!;
    }

    internal void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    private void Grow()
    {
        var larger = new T[_slots.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _slots[(_head + i) & Mask];
        _slots = larger;
        _head = 0;
    }
}
