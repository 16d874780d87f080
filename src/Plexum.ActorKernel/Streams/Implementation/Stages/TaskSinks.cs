using System.Collections.Immutable;

namespace Akka.Streams.Implementation;

/// <summary>A sink whose materialized value is a task. A run that is aborted fails that task.</summary>
internal abstract class TaskSinkLogic<TIn, TResult>(string name) : SinkLogic<TIn>(name)
{
    private protected TaskCompletionSource<TResult> Result { get; } = Promise.Create<TResult>();

    internal override object Materialized => Result.Task;

    internal override void PreStart() => In.Pull();

    internal override void OnUpstreamFailure(Exception cause)
    {
        Result.TrySetException(cause);
        FailStage(cause);
    }

    internal override void PostStop() => Result.TrySetException(new AbruptStageTerminationException(this));
}

/// <summary>Drops every element.</summary>
internal sealed class IgnoreLogic<T>() : TaskSinkLogic<T, Done>("ignoreSink")
{
    internal override void OnPush()
    {
        In.Grab();
        In.Pull();
    }

    internal override void OnUpstreamFinish()
    {
        Result.TrySetResult(Done.Instance);
        CompleteStage();
    }
}

/// <summary>Collects all elements.</summary>
internal sealed class SeqLogic<T>() : TaskSinkLogic<T, IImmutableList<T>>("seqSink")
{
    private readonly List<T> _elements = [];

    internal override void OnPush()
    {
        _elements.Add(In.Grab());
        In.Pull();
    }

    internal override void OnUpstreamFinish()
    {
        Result.TrySetResult(ImmutableList.CreateRange(_elements));
        CompleteStage();
    }
}

/// <summary>Takes the first element and cancels.</summary>
internal sealed class FirstLogic<T>() : TaskSinkLogic<T, T>("firstSink")
{
    internal override void OnPush()
    {
        Result.TrySetResult(In.Grab());
        CompleteStage();
    }

    internal override void OnUpstreamFinish()
    {
        Result.TrySetException(new NoSuchElementException("First of empty stream"));
        CompleteStage();
    }
}
