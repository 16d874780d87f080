namespace Akka.Streams.Implementation;

/// <summary>The last stage of an island that hands its elements to another island.</summary>
internal sealed class BoundaryWriter<T> : SinkLogic<T>
{
    private readonly AsyncBuffer<T> _buffer;
    private readonly Signal _readerSpoke;
    private long _written;
    private long _knownGrant;
    private int _waitsForRoom;
    private Exception? _cancellation;
    private Exception? _failure;
    private bool _finished;

    internal BoundaryWriter(AsyncBuffer<T> buffer)
        : base("asyncBoundary.in")
    {
        _buffer = buffer;
        _readerSpoke = new Signal(this, ReaderSpoke);
    }

    /// <summary>How many elements lie in the buffer or have lain there; read by the reader's island.</summary>
    internal long Written => Volatile.Read(ref _written);

    /// <summary>No element follows those that are written.</summary>
    internal bool IsFinished => Volatile.Read(ref _finished);

    internal Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The reader has granted more room.</summary>
    internal void GrantRaised()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waitsForRoom) != 0 && Interlocked.Exchange(ref _waitsForRoom, 0) != 0) _readerSpoke.Raise();
    }

    /// <summary>The reader wants no more.</summary>
    internal void Cancel(Exception cause)
    {
        Volatile.Write(ref _cancellation, cause);
        _readerSpoke.Raise();
    }

    internal override void PreStart() => PullIfRoom();

    internal override void OnPush()
    {
        var written = _written;
        _buffer[written] = In.Grab();
        Volatile.Write(ref _written, written + 1);
        _buffer.Reader.ElementWritten();
        PullIfRoom();
    }

    internal override void OnUpstreamFinish()
    {
        Finish(null);
        CompleteStage();
    }

    internal override void OnUpstreamFailure(Exception cause)
    {
        Finish(cause);
        FailStage(cause);
    }

    internal override void PostStop()
    {
        if (!_finished && Volatile.Read(ref _cancellation) is null) Finish(Island.Host.AbruptTermination());
    }

    private void Finish(Exception? failure)
    {
        Volatile.Write(ref _failure, failure);
        Volatile.Write(ref _finished, true);
        _buffer.Reader.WriterFinished();
    }

    private void ReaderSpoke()
    {
        if (Volatile.Read(ref _cancellation) is { } cause) CancelStage(cause);
        else if (!In.HasBeenPulled && !In.IsClosedForConsumer) PullIfRoom();
    }

    private void PullIfRoom()
    {
        if (_written < _knownGrant || HasRoom())
        {
            In.Pull();
            return;
        }

        // The look after the announcement catches a grant that came between the first look and the announcement.
        Interlocked.Exchange(ref _waitsForRoom, 1);
        if (!HasRoom()) return;
        Volatile.Write(ref _waitsForRoom, 0);
        In.Pull();
    }

    private bool HasRoom()
    {
        _knownGrant = _buffer.Reader.Granted;
        return _written < _knownGrant;
    }
}
