using System.Threading.Channels;

namespace Akka.Streams.Implementation;

/// <summary>Gives what is read from a channel; it ends or fails as the channel does.</summary>
internal sealed class ChannelSourceLogic<T> : SourceLogic<T>
{
    private readonly ChannelReader<T> _reader;
    private readonly Action _raiseReady;
    private readonly Signal _completed;
    private Task<bool>? _wait;

    internal ChannelSourceLogic(ChannelReader<T> reader)
        : base("channelSource")
    {
        _reader = reader;
        _raiseReady = new Signal(this, Ready).Raise;
        _completed = new Signal(this, Completed);
    }

    internal override void PreStart() => _reader.Completion.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_completed.Raise);

    internal override void OnPull()
    {
        T? element;
        while (!_reader.TryRead(out element))
        {
            var wait = _reader.WaitToReadAsync();
            if (!wait.IsCompletedSuccessfully)
            {
                _wait = wait.AsTask();
                _wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_raiseReady);
                return;
            }

            if (!wait.Result)
            {
                CompleteStage();
                return;
            }
        }

        Out.Push(element);
    }

    private void Ready()
    {
        if (!_wait!.IsCompletedSuccessfully) FailStage(_wait.Failure());
        else if (_wait.Result) OnPull();
        else CompleteStage();
    }

    private void Completed()
    {
        if (_reader.Completion.IsCompletedSuccessfully) CompleteStage();
        else FailStage(_reader.Completion.Failure());
    }
}
