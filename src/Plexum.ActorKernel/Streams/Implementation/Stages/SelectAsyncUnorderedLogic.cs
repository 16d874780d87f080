using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>
/// Makes a task of each element and pushes their results as they come. At most <paramref name="parallelism"/> tasks
/// and results are kept at a time.
/// </summary>
internal sealed class SelectAsyncUnorderedLogic<TIn, TOut>(int parallelism, Func<TIn, Task<TOut>> map, Attributes attributes)
    : FlowLogic<TIn, TOut>("selectAsyncUnordered")
{
    private readonly Decider _decider = attributes.Decider();
    private RingBuffer<TOut> _results = null!;
    private int _inFlight;

    private int Kept => _inFlight + _results.Count;

    internal override void PreStart() => _results = new RingBuffer<TOut>(parallelism);

    internal override void OnPush()
    {
        var element = In.Grab();
        try
        {
            Begin(map(element));
        }
        catch (Exception cause)
        {
            if (_decider(cause) == Directive.Stop)
            {
                FailStage(cause);
                return;
            }
        }

        PullIfRoom();
    }

    internal override void OnUpstreamFinish()
    {
        if (Kept == 0) CompleteStage();
    }

    internal override void OnPull()
    {
        if (!_results.IsEmpty) Out.Push(_results.Dequeue());
        if (In.IsClosedForConsumer && Kept == 0) CompleteStage();
        else PullIfRoom();
    }

    private void Begin(Task<TOut> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _inFlight++;
        if (task.IsCompleted)
            Completed(task);
        else
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(new Pending(this, task).Post);
    }

    private void Completed(Task<TOut> task)
    {
        _inFlight--;
        if (!task.IsCompletedSuccessfully)
            GoOnAfter(task.Failure());
        else if (task.Result is null)
            GoOnAfter(new ArgumentNullException(nameof(task), "Element must not be null, rule 2.13"));
        else if (Out.IsAvailable)
            Out.Push(task.Result);
        else
            _results.Enqueue(task.Result);

        if (IsStopping) return;
        if (In.IsClosedForConsumer && Kept == 0) CompleteStage();
        else PullIfRoom();
    }

    private void GoOnAfter(Exception cause)
    {
        if (_decider(cause) == Directive.Stop) FailStage(cause);
    }

    private void PullIfRoom()
    {
        if (Kept < parallelism && !In.HasBeenPulled && !In.IsClosedForConsumer && !IsStopping) In.Pull();
    }

    private sealed class Pending(SelectAsyncUnorderedLogic<TIn, TOut> stage, Task<TOut> task) : AsyncEvent(stage)
    {
        internal void Post() => stage.Island.Post(this);

        internal override void Handle() => stage.Completed(task);
    }
}
