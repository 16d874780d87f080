using Akka.Event;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>
/// Makes a task of each element and pushes their results in the order of the elements. At most
/// <paramref name="parallelism"/> tasks and results are kept at a time.
/// </summary>
internal sealed class SelectAsyncLogic<TIn, TOut>(int parallelism, Func<TIn, Task<TOut>> map, Attributes attributes)
    : FlowLogic<TIn, TOut>("selectAsync")
{
    private readonly Decider _decider = attributes.Decider();
    private RingBuffer<Entry> _entries = null!;

    internal override void PreStart() => _entries = new RingBuffer<Entry>(parallelism);

    internal override void OnPush()
    {
        var element = In.Grab();
        try
        {
            Begin(map(element));
        }
        catch (Exception cause)
        {
            // Nothing waits for this element, so it is as if it had not been there.
            if (!GoesOnAfter(cause)) return;
        }

        PullIfRoom();
    }

    internal override void OnUpstreamFinish()
    {
        if (_entries.IsEmpty) CompleteStage();
    }

    internal override void OnPull() => PushOne();

    private void Begin(Task<TOut> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsCompletedSuccessfully && _entries.IsEmpty && Out.IsAvailable)
        {
            Out.Push(task.Result);
            return;
        }

        if (task.IsCompleted)
        {
            if (task.IsCompletedSuccessfully || GoesOnAfter(task.Failure())) _entries.Enqueue(new Entry(task, null));
            return;
        }

        var pending = new Pending(this, task);
        _entries.Enqueue(new Entry(task, pending));
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(pending.Post);
    }

    private void PushOne()
    {
        while (!_entries.IsEmpty && _entries.Oldest.Task.IsCompleted)
        {
            var (task, pending) = _entries.Dequeue();
            if (task.IsCompletedSuccessfully)
            {
                Out.Push(task.Result);
                PullIfRoom();
                return;
            }

            // A failure is judged once: here, or when its completion was handled.
            if (pending is not { IsJudged: false }) continue;
            pending.IsJudged = true;
            if (!GoesOnAfter(task.Failure())) return;
        }

        if (_entries.IsEmpty && In.IsClosedForConsumer) CompleteStage();
        else PullIfRoom();
    }

    private void PullIfRoom()
    {
        if (!_entries.IsFull && !In.HasBeenPulled && !In.IsClosedForConsumer && !IsStopping) In.Pull();
    }

    private void Completed(Pending pending)
    {
        if (!pending.Task.IsCompletedSuccessfully && !pending.IsJudged)
        {
            pending.IsJudged = true;
            if (!GoesOnAfter(pending.Task.Failure())) return;
        }

        if (Out.IsAvailable) PushOne();
    }

    /// <summary>Asks the decider; when it says stop, the stage has failed afterwards.</summary>
    private bool GoesOnAfter(Exception cause)
    {
        var directive = _decider(cause);
        Island.Host.Log.Error(cause, "An exception occured inside SelectAsync. Supervision strategy: {0}", directive);
        if (directive == Directive.Stop) FailStage(cause);
        return directive != Directive.Stop;
    }

    private readonly record struct Entry(Task<TOut> Task, Pending? Pending);

    private sealed class Pending(SelectAsyncLogic<TIn, TOut> stage, Task<TOut> task) : AsyncEvent(stage)
    {
        internal Task<TOut> Task => task;

        internal bool IsJudged { get; set; }

        internal void Post() => stage.Island.Post(this);

        internal override void Handle() => stage.Completed(this);
    }
}
