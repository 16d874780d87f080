namespace Akka.Streams.Dsl;

/// <summary>The usual choices of which materialized values are kept when two graphs are joined.</summary>
public static class Keep
{
    /// <summary>Keeps that of the graph upstream.</summary>
    public static TLeft Left<TLeft, TRight>(TLeft left, TRight right) => left;

    /// <summary>Keeps that of the graph downstream.</summary>
    public static TRight Right<TLeft, TRight>(TLeft left, TRight right) => right;

    /// <summary>Keeps both.</summary>
    public static (TLeft, TRight) Both<TLeft, TRight>(TLeft left, TRight right) => (left, right);

    /// <summary>Keeps none.</summary>
    public static NotUsed None<TLeft, TRight>(TLeft left, TRight right) => NotUsed.Instance;
}
