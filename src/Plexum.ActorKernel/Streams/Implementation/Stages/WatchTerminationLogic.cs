namespace Akka.Streams.Implementation;

/// <summary>Passes elements on and completes a task when the stream ends here.</summary>
internal sealed class WatchTerminationLogic<T>() : FlowLogic<T, T>("terminationWatcher")
{
    private readonly TaskCompletionSource<Done> _end = Promise.Create<Done>();

    internal override object Materialized => _end.Task;

    internal override void OnPush() => Out.Push(In.Grab());

    internal override void OnUpstreamFinish()
    {
        _end.TrySetResult(Done.Instance);
        CompleteStage();
    }

    internal override void OnUpstreamFailure(Exception cause)
    {
        _end.TrySetException(cause);
        FailStage(cause);
    }

    internal override void OnDownstreamFinish(Exception cause)
    {
        if (cause is NonFailureCancellation) _end.TrySetResult(Done.Instance);
        else _end.TrySetException(cause);
        CancelStage(cause);
    }

    internal override void PostStop() => _end.TrySetException(new AbruptStageTerminationException(this));
}
