using System.Runtime.CompilerServices;

namespace Akka.Streams.Implementation;

/// <summary>The first stage of an island that takes its elements from another island.</summary>
internal sealed class BoundaryReader<T> : SourceLogic<T>, IBoundaryReader
{
    private readonly AsyncBuffer<T> _buffer;
    private readonly Signal _writerSpoke;
    private readonly int _batch;
    private int _leftOfBatch;
    private long _read;
    private long _knownWritten;
    private long _granted;
    private int _waitsForElement;
    private bool _finished;

    internal BoundaryReader(AsyncBuffer<T> buffer)
        : base("asyncBoundary.out")
    {
        _buffer = buffer;
        _writerSpoke = new Signal(this, WriterSpoke);
        _granted = buffer.Capacity;
        _batch = Math.Max(1, buffer.Capacity / 2);
        _leftOfBatch = _batch;
    }

    /// <summary>How many elements the writer may have written in all; read by the writer's island.</summary>
    internal long Granted => Volatile.Read(ref _granted);

    /// <summary>The writer has written one more element.</summary>
    internal void ElementWritten()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waitsForElement) != 0 && Interlocked.Exchange(ref _waitsForElement, 0) != 0) _writerSpoke.Raise();
    }

    /// <summary>The writer writes no more, or has failed.</summary>
    internal void WriterFinished() => _writerSpoke.Raise();

    internal override void OnPull()
    {
        if (_read < _knownWritten || HasElement())
        {
            PushNext();
            return;
        }

        // The look after the announcement catches an element that came between the first look and the announcement.
        Interlocked.Exchange(ref _waitsForElement, 1);
        if (!HasElement()) return;
        Volatile.Write(ref _waitsForElement, 0);
        PushNext();
    }

    internal override void OnDownstreamFinish(Exception cause)
    {
        CancelWriter(cause);
        CancelStage(cause);
    }

    internal override void PostStop()
    {
        if (!_finished) CancelWriter(StageWasCompleted.Instance);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            for (; _read < _knownWritten; _read++)
                _buffer[_read] = default!;
    }

    private void CancelWriter(Exception cause)
    {
        _finished = true;
        _buffer.Writer.Cancel(cause);
    }

    private void WriterSpoke()
    {
        if (_buffer.Writer.IsFinished && _buffer.Writer.Failure is { } cause)
        {
            // As everywhere in streams a failure overtakes the elements that still wait in a buffer.
            _finished = true;
            FailStage(cause);
        }
        else if (Out.IsAvailable)
            OnPull();
        if (!IsStopping) CompleteWhenEmpty();
    }

    private void PushNext()
    {
        ref var slot = ref _buffer[_read];
        var element = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) slot = default!;
        _read++;
        if (--_leftOfBatch == 0) GrantBatch();
        Out.Push(element);
        if (_read == _knownWritten) CompleteWhenEmpty();
    }

    private void GrantBatch()
    {
        _leftOfBatch = _batch;
        Volatile.Write(ref _granted, _granted + _batch);
        _buffer.Writer.GrantRaised();
    }

    private void CompleteWhenEmpty()
    {
        if (_finished || !_buffer.Writer.IsFinished || HasElement() || _buffer.Writer.Failure is not null) return;
        _finished = true;
        CompleteStage();
    }

    private bool HasElement()
    {
        _knownWritten = _buffer.Writer.Written;
        return _read < _knownWritten;
    }
}

/// <summary>Marks the stage by which elements of another island come in.</summary>
internal interface IBoundaryReader;
