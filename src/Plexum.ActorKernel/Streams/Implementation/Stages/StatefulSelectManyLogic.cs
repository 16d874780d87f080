using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Makes any number of elements of each one, by a function that may remember what it has seen.</summary>
internal sealed class StatefulSelectManyLogic<TIn, TOut> : FlowLogic<TIn, TOut>
{
    private readonly Func<Func<TIn, IEnumerable<TOut>>> _factory;
    private readonly Decider _decider;
    private readonly Lookahead<TOut> _current = new();
    private Func<TIn, IEnumerable<TOut>> _expand;

    internal StatefulSelectManyLogic(Func<Func<TIn, IEnumerable<TOut>>> factory, Attributes attributes)
        : base("statefulSelectMany")
    {
        _factory = factory;
        _decider = attributes.Decider();
        _expand = factory();
    }

    internal override void OnPush()
    {
        try
        {
            _current.Begin(_expand(In.Grab()));
            PushOrPull();
        }
        catch (Exception cause)
        {
            GoOnAfter(cause);
        }
    }

    internal override void OnUpstreamFinish()
    {
        if (!_current.HasNext) CompleteStage();
    }

    internal override void OnPull() => PushOrPull();

    internal override void PostStop() => _current.Drop();

    private void PushOrPull()
    {
        if (_current.HasNext)
        {
            Out.Push(_current.Take());
            if (!_current.HasNext && In.IsClosedForConsumer) CompleteStage();
        }
        else if (In.IsClosedForConsumer)
            CompleteStage();
        else
            In.Pull();
    }

    private void GoOnAfter(Exception cause)
    {
        var directive = _decider(cause);
        if (directive == Directive.Stop)
        {
            FailStage(cause);
            return;
        }

        _current.Drop();
        if (directive == Directive.Restart) _expand = _factory();
        if (!In.HasBeenPulled) In.Pull();
    }
}
