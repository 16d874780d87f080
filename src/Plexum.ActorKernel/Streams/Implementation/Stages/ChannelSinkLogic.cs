using System.Threading.Channels;

namespace Akka.Streams.Implementation;

/// <summary>Writes the elements into a channel, whose bound is the stream's bound.</summary>
internal sealed class ChannelSinkLogic<T> : SinkLogic<T>
{
    private readonly ChannelWriter<T> _writer;
    private readonly bool _isOwner;
    private readonly Action _raiseReady;
    private T _waiting = default!;
    private Task<bool>? _wait;

    internal ChannelSinkLogic(ChannelWriter<T> writer, bool isOwner, object materialized)
        : base("channelSink")
    {
        _writer = writer;
        _isOwner = isOwner;
        Materialized = materialized;
        _raiseReady = new Signal(this, Ready).Raise;
    }

    internal override object Materialized { get; }

    internal override void PreStart() => In.Pull();

    internal override void OnPush() => Write(In.Grab());

    internal override void OnUpstreamFinish()
    {
        // The last element may still wait for room in the channel.
        if (_wait is null) End(null);
        else KeepGoing = true;
    }

    internal override void OnUpstreamFailure(Exception cause) => End(cause);

    internal override void PostStop()
    {
        if (_isOwner) _writer.TryComplete(new AbruptStageTerminationException(this));
    }

    private void Write(T element)
    {
        _wait = null;
        while (!_writer.TryWrite(element))
        {
            var wait = _writer.WaitToWriteAsync();
            if (!wait.IsCompletedSuccessfully)
            {
                _waiting = element;
                _wait = wait.AsTask();
                _wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_raiseReady);
                return;
            }

            if (wait.Result) continue;
            End(null);
            return;
        }

        if (In.IsClosedForConsumer) End(null);
        else In.Pull();
    }

    private void Ready()
    {
        if (!_wait!.IsCompletedSuccessfully) End(_wait.Failure());
        else if (_wait.Result) Write(_waiting);
        else End(null);
    }

    private void End(Exception? failure)
    {
        if (_isOwner) _writer.TryComplete(failure);
        if (failure is null) CompleteStage();
        else FailStage(failure);
    }
}
