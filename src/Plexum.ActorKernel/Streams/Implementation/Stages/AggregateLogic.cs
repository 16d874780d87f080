using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Folds all elements into one, which it pushes when upstream completes.</summary>
internal sealed class AggregateLogic<TIn, TOut> : FlowLogic<TIn, TOut>
{
    private readonly TOut _zero;
    private readonly Func<TOut, TIn, TOut> _fold;
    private readonly Decider _decider;
    private TOut _sum;

    internal AggregateLogic(TOut zero, Func<TOut, TIn, TOut> fold, Attributes attributes)
        : base("aggregate")
    {
        _zero = _sum = zero;
        _fold = fold;
        _decider = attributes.Decider();
    }

    internal override void OnPush()
    {
        try
        {
            _sum = _fold(_sum, In.Grab());
        }
        catch (Exception cause)
        {
            switch (_decider(cause))
            {
                case Directive.Stop:
                    FailStage(cause);
                    return;
                case Directive.Restart:
                    _sum = _zero;
                    break;
            }
        }

        In.Pull();
    }

    internal override void OnUpstreamFinish()
    {
        if (Out.IsAvailable) PushResult();
    }

    internal override void OnPull()
    {
        if (In.IsClosedForConsumer) PushResult();
        else In.Pull();
    }

    private void PushResult()
    {
        Out.Push(_sum);
        CompleteStage();
    }
}
