namespace Akka.Streams;

/// <summary>
/// A description of stream processing. It is immutable, runs nothing by itself, and may be used any number of times.
/// </summary>
/// <typeparam name="TShape">Which of its ends are open.</typeparam>
/// <typeparam name="TMaterialized">The value that each run of it hands out.</typeparam>
public interface IGraph<out TShape, out TMaterialized>
    where TShape : Shape
{
    /// <summary>The same graph with these attributes in place of its own; those of its parts stay.</summary>
    IGraph<TShape, TMaterialized> WithAttributes(Attributes attributes);

    /// <summary>The same graph with these attributes beside its own.</summary>
    IGraph<TShape, TMaterialized> AddAttributes(Attributes attributes);

    /// <summary>The same graph under a name, which appears in logs.</summary>
    IGraph<TShape, TMaterialized> Named(string name);

    /// <summary>The same graph, run as an island of its own: concurrently with what stands before and behind it.</summary>
    IGraph<TShape, TMaterialized> Async();
}
