namespace Akka.Streams.Implementation;

/// <summary>Makes a stage for one run; the attributes are those that hold where it stands.</summary>
internal delegate StageLogic StageFactory(Attributes attributes);

/// <summary>How a graph is put together: a tree with stages as its leaves, in the order in which elements pass them.</summary>
internal abstract class Layout(Attributes attributes)
{
    /// <summary>A graph that passes on what it gets.</summary>
    internal static readonly Layout Identity = new IdentityLayout(Attributes.None);

    /// <summary>The attributes of this part; those of the parts inside come on top.</summary>
    internal Attributes Attributes { get; } = attributes;

    internal abstract Layout With(Attributes attributes);

    internal static Layout Of<TShape, TMat>(IGraph<TShape, TMat> graph)
        where TShape : Shape => graph switch
        {
            ILaidOut known => known.Layout,
            null => throw new ArgumentNullException(nameof(graph)),
            _ => throw new ArgumentException(
                $"{graph.GetType()} was not made by this library, so it cannot be run; build graphs from Source, Flow and Sink.",
                nameof(graph)),
        };

    internal static Layout Stage(string name, StageFactory create) => new StageLayout(create, Attributes.CreateName(name));

    internal Layout Then(Layout next, Func<object, object, object> combine) => new PairLayout(this, next, combine, Attributes.None);

    /// <summary>This layout and the next one; the value is this one's.</summary>
    internal Layout Then(Layout next) => Then(next, static (left, _) => left);

    internal Layout MapValue(Func<object, object> map) => new MappedLayout(this, map, Attributes.None);
}

internal sealed class IdentityLayout(Attributes attributes) : Layout(attributes)
{
    internal override Layout With(Attributes attributes) => new IdentityLayout(attributes);
}

internal sealed class StageLayout(StageFactory create, Attributes attributes) : Layout(attributes)
{
    internal StageFactory Create { get; } = create;

    internal override Layout With(Attributes attributes) => new StageLayout(Create, attributes);
}

/// <summary>Two parts, one behind the other.</summary>
internal sealed class PairLayout(Layout first, Layout second, Func<object, object, object> combine, Attributes attributes)
    : Layout(attributes)
{
    internal Layout First { get; } = first;

    internal Layout Second { get; } = second;

    internal Func<object, object, object> Combine { get; } = combine;

    internal override Layout With(Attributes attributes) => new PairLayout(First, Second, Combine, attributes);
}

/// <summary>A part whose materialized value is made into another one.</summary>
internal sealed class MappedLayout(Layout inner, Func<object, object> map, Attributes attributes) : Layout(attributes)
{
    internal Layout Inner { get; } = inner;

    internal Func<object, object> Map { get; } = map;

    internal override Layout With(Attributes attributes) => new MappedLayout(Inner, Map, attributes);
}

/// <summary>A graph that this library made.</summary>
internal interface ILaidOut
{
    Layout Layout { get; }
}

/// <summary>A graph that is no Source, Flow or Sink yet.</summary>
internal sealed class Graph<TShape, TMat>(Layout layout) : IGraph<TShape, TMat>, ILaidOut
    where TShape : Shape
{
    public Layout Layout { get; } = layout;

    public IGraph<TShape, TMat> WithAttributes(Attributes attributes) => new Graph<TShape, TMat>(Layout.With(attributes));

    public IGraph<TShape, TMat> AddAttributes(Attributes attributes) => WithAttributes(Layout.Attributes.And(attributes));

    public IGraph<TShape, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public IGraph<TShape, TMat> Async() => AddAttributes(Attributes.CreateAsyncBoundary());
}
