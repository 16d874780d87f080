namespace Akka.Actor;

/// <summary>A clock.</summary>
public interface ITimeProvider
{
    /// <summary>The time of day; it can jump.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since an arbitrary moment; it never jumps.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>As <see cref="MonotonicClock"/>, with the best resolution there is.</summary>
    TimeSpan HighResMonotonicClock { get; }
}
