namespace Akka.Streams.Implementation;

/// <summary>
/// Makes one run of a layout: its stages, the islands they belong to and the materialized value. The tree is walked
/// with a stack of our own, for a graph may be composed of more parts than a thread's stack has room for.
/// </summary>
internal sealed class Materialization(IStreamHost host)
{
    private static readonly Attributes.InputBuffer DefaultBuffer = new(16, 16);

    private readonly Stack<Step> _steps = new();
    private readonly Stack<object> _values = new();
    private readonly List<(StageLogic Stage, int BufferSize)> _stages = [];
    private readonly HashSet<int> _boundaries = [];

    /// <summary>The value and the islands, which nobody has started yet.</summary>
    internal (object Value, List<Island> Islands) Run(Layout layout, Attributes inherited)
    {
        _steps.Push(new Step(layout, inherited, IsLeaving: false));
        while (_steps.TryPop(out var step))
        {
            if (step.IsLeaving) Leave(step.Layout);
            else Enter(step.Layout, step.Inherited);
        }

        return (_values.Pop(), Split());
    }

    private void Enter(Layout layout, Attributes inherited)
    {
        var attributes = inherited.And(layout.Attributes);
        MarkBoundary(layout);
        _steps.Push(new Step(layout, attributes, IsLeaving: true));
        switch (layout)
        {
            case StageLayout stage:
                var logic = stage.Create(attributes);
                _stages.Add((logic, attributes.GetAttribute(DefaultBuffer).Max));
                _values.Push(logic.Materialized);
                break;
            case PairLayout pair:
                _steps.Push(new Step(pair.Second, attributes, IsLeaving: false));
                _steps.Push(new Step(pair.First, attributes, IsLeaving: false));
                break;
            case MappedLayout mapped:
                _steps.Push(new Step(mapped.Inner, attributes, IsLeaving: false));
                break;
            default:
                _values.Push(NotUsed.Instance);
                break;
        }
    }

    private void Leave(Layout layout)
    {
        MarkBoundary(layout);
        switch (layout)
        {
            case PairLayout pair:
                var right = _values.Pop();
                _values.Push(pair.Combine(_values.Pop(), right));
                break;
            case MappedLayout mapped:
                _values.Push(mapped.Map(_values.Pop()));
                break;
        }
    }

    private void MarkBoundary(Layout layout)
    {
        if (layout.Attributes.Contains(Attributes.AsyncBoundary.Instance)) _boundaries.Add(_stages.Count);
    }

    private List<Island> Split()
    {
        var islands = new List<Island>();
        var current = new List<StageLogic>();
        for (var i = 0; i < _stages.Count; i++)
        {
            var (stage, bufferSize) = _stages[i];
            if (i > 0 && _boundaries.Contains(i))
            {
                var (writer, reader) = ((IProducer)_stages[i - 1].Stage).CreateBoundary(bufferSize);
                current.Add(writer);
                islands.Add(new Island(host, [.. current]));
                current = [reader];
            }

            current.Add(stage);
        }

        islands.Add(new Island(host, [.. current]));
        return islands;
    }

    private readonly record struct Step(Layout Layout, Attributes Inherited, bool IsLeaving);
}
