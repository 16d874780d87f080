namespace Akka.Actor;

/// <summary>Decides what becomes of a failed child.</summary>
public interface IDecider
{
    /// <summary>What to do about an exception.</summary>
    Directive Decide(Exception cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>A decider that is a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);
}

/// <summary>A decider that is a function.</summary>
public class LocalOnlyDecider : IDecider
{
    private readonly Func<Exception, Directive> _decide;

    /// <summary>Decides as <paramref name="decider"/> does.</summary>
    public LocalOnlyDecider(Func<Exception, Directive> decider)
    {
        _decide = decider;
    }

    /// <inheritdoc />
    public Directive Decide(Exception cause) => _decide(cause);
}

/// <summary>The limits of a strategy as numbers.</summary>
internal static class RestartLimit
{
    public static int Milliseconds(TimeSpan? within) =>
        within is { } window && window != Timeout.InfiniteTimeSpan ? (int)Math.Min(window.TotalMilliseconds, int.MaxValue) : -1;
}
