using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Gives the elements of an enumerable, which it begins to walk when the first one is wanted.</summary>
internal sealed class EnumerableLogic<T>(IEnumerable<T> elements, Attributes attributes) : SourceLogic<T>("enumerableSource")
{
    private readonly Lookahead<T> _rest = new();
    private bool _begun;

    internal override void OnPull()
    {
        if (!_begun && !TryBegin()) return;
        if (_rest.HasNext) Out.Push(_rest.Take());
        if (!_rest.HasNext) CompleteStage();
    }

    internal override void PostStop() => _rest.Drop();

    private bool TryBegin()
    {
        _begun = true;
        try
        {
            _rest.Begin(elements);
            return true;
        }
        catch (Exception cause)
        {
            if (attributes.Decider()(cause) == Directive.Stop) FailStage(cause);
            else CompleteStage();
            return false;
        }
    }
}
