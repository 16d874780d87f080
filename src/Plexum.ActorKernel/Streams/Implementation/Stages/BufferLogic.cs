namespace Akka.Streams.Implementation;

/// <summary>Takes elements before downstream wants them, up to a bound.</summary>
internal sealed class BufferLogic<T>(int size, OverflowStrategy strategy) : FlowLogic<T, T>("buffer")
{
    private RingBuffer<T> _waiting = null!;

    internal override void PreStart()
    {
        _waiting = new RingBuffer<T>(size);
        In.Pull();
    }

    internal override void OnPush()
    {
        var element = In.Grab();
        if (Out.IsAvailable)
        {
            // Downstream waits, so the buffer is empty.
            Out.Push(element);
            In.Pull();
        }
        else if (!_waiting.IsFull || MakeRoom())
        {
            _waiting.Enqueue(element);
            PullUnlessFull();
        }
        else if (strategy == OverflowStrategy.Fail)
            FailStage(new BufferOverflowException($"Buffer overflow (max capacity was {size})"));
        else
            In.Pull();
    }

    internal override void OnPull()
    {
        if (!_waiting.IsEmpty) Out.Push(_waiting.Dequeue());
        if (!In.IsClosedForConsumer)
        {
            if (!In.HasBeenPulled) In.Pull();
        }
        else if (_waiting.IsEmpty)
            CompleteStage();
    }

    internal override void OnUpstreamFinish()
    {
        if (_waiting.IsEmpty) CompleteStage();
    }

    private void PullUnlessFull()
    {
        if (strategy != OverflowStrategy.Backpressure || !_waiting.IsFull) In.Pull();
    }

    /// <summary>Drops what the strategy says; false when the new element is the one to go.</summary>
    private bool MakeRoom()
    {
        switch (strategy)
        {
            case OverflowStrategy.DropHead:
                _waiting.Dequeue();
                return true;
            case OverflowStrategy.DropTail:
                _waiting.DropNewest();
                return true;
            case OverflowStrategy.DropBuffer:
                _waiting.Clear();
                return true;
            default:
                return false;
        }
    }
}
