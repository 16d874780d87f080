namespace Akka.Streams;

/// <summary>Says which ends of a graph are open, and which elements pass there.</summary>
public abstract class Shape
{
    private protected Shape()
    {
    }
}

/// <summary>The shape of a graph from which elements come.</summary>
public sealed class SourceShape<TOut> : Shape
{
    private SourceShape()
    {
    }
}

/// <summary>The shape of a graph that takes elements and gives others.</summary>
public sealed class FlowShape<TIn, TOut> : Shape
{
    private FlowShape()
    {
    }
}

/// <summary>The shape of a graph that takes elements.</summary>
public sealed class SinkShape<TIn> : Shape
{
    private SinkShape()
    {
    }
}

/// <summary>The shape of a graph without open ends: it can be run.</summary>
public sealed class ClosedShape : Shape
{
    private ClosedShape()
    {
    }
}
