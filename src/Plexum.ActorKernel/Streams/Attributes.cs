namespace Akka.Streams;

/// <summary>
/// Settings of a graph or of a part of it. They reach everything inside; where an inner part has an attribute of the
/// same kind, its own one counts.
/// </summary>
public sealed class Attributes
{
    /// <summary>No attributes.</summary>
    public static readonly Attributes None = new();

    private readonly IAttribute[] _attributes;

    /// <summary>Attributes from the least to the most specific one.</summary>
    public Attributes(params IAttribute[] attributes) => _attributes = attributes ?? [];

    /// <summary>A setting.</summary>
    public interface IAttribute;

    /// <summary>A setting that the materializer gives to every graph.</summary>
    public interface IMandatoryAttribute : IAttribute;

    /// <summary>All of them, from the least to the most specific one.</summary>
    public IEnumerable<IAttribute> AttributeList => _attributes;

    /// <summary>The most specific attribute of a kind, or the given one where there is none.</summary>
    public TAttr GetAttribute<TAttr>(TAttr defaultIfNotFound)
        where TAttr : class, IAttribute => GetAttribute<TAttr>() ?? defaultIfNotFound;

    /// <summary>The most specific attribute of a kind, or null.</summary>
    public TAttr? GetAttribute<TAttr>()
        where TAttr : class, IAttribute
    {
        for (var i = _attributes.Length - 1; i >= 0; i--)
            if (_attributes[i] is TAttr found)
                return found;
        return null;
    }

    /// <summary>Whether this very attribute is among them.</summary>
    public bool Contains<TAttr>(TAttr attribute)
        where TAttr : IAttribute => Array.IndexOf(_attributes, attribute) >= 0;

    /// <summary>These attributes followed by more specific ones.</summary>
    public Attributes And(Attributes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_attributes.Length == 0) return other;
        return other._attributes.Length == 0 ? this : new Attributes([.. _attributes, .. other._attributes]);
    }

    /// <summary>These attributes followed by a more specific one.</summary>
    public Attributes And(IAttribute other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Attributes([.. _attributes, other]);
    }

    /// <summary>A name for logs; an empty one is none.</summary>
    public static Attributes CreateName(string name) =>
        string.IsNullOrEmpty(name) ? None : new Attributes(new Name(name));

    /// <summary>How many elements the buffers at asynchronous boundaries and in front of actors hold.</summary>
    public static Attributes CreateInputBuffer(int initial, int max) => new(new InputBuffer(initial, max));

    /// <summary>Makes the graph an island of its own.</summary>
    public static Attributes CreateAsyncBoundary() => new(AsyncBoundary.Instance);

    /// <inheritdoc/>
    public override string ToString() => $"Attributes({string.Join<IAttribute>(", ", _attributes)})";

    /// <summary>How many elements a buffer between asynchronous parts holds.</summary>
    public sealed class InputBuffer : IMandatoryAttribute, IEquatable<InputBuffer>
    {
        /// <summary>The size to begin with.</summary>
        public readonly int Initial;

        /// <summary>The most elements that it ever holds.</summary>
        public readonly int Max;

        /// <summary>A buffer of these sizes.</summary>
        public InputBuffer(int initial, int max)
        {
            Initial = initial;
            Max = max;
        }

        /// <inheritdoc/>
        public bool Equals(InputBuffer? other) => other is not null && Initial == other.Initial && Max == other.Max;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => Equals(obj as InputBuffer);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Initial, Max);

        /// <inheritdoc/>
        public override string ToString() => $"InputBuffer(initial={Initial}, max={Max})";
    }

    /// <summary>Marks a graph that runs as an island of its own.</summary>
    public sealed class AsyncBoundary : IAttribute
    {
        /// <summary>The only instance.</summary>
        public static readonly AsyncBoundary Instance = new();

        private AsyncBoundary()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => "AsyncBoundary";
    }

    private sealed record Name(string Value) : IAttribute;
}
