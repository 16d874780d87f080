using Akka.TestKit.Internal;

namespace Akka.TestKit.TestEvent;

/// <summary>Published on the event stream, it sets filters to work in each <see cref="TestEventListener"/>.</summary>
public sealed class Mute
{
    /// <summary>Creates it for these filters.</summary>
    public Mute(params EventFilterBase[] filters)
    {
        Filters = filters;
    }

    /// <summary>Creates it for these filters.</summary>
    public Mute(IReadOnlyCollection<EventFilterBase> filters)
    {
        Filters = filters;
    }

    /// <summary>The filters.</summary>
    public IReadOnlyCollection<EventFilterBase> Filters { get; }
}

/// <summary>Ends the work of filters that <see cref="Mute"/> began.</summary>
public sealed class Unmute
{
    /// <summary>Creates it for these filters.</summary>
    public Unmute(params EventFilterBase[] filters)
    {
        Filters = filters;
    }

    /// <summary>Creates it for these filters.</summary>
    public Unmute(IReadOnlyCollection<EventFilterBase> filters)
    {
        Filters = filters;
    }

    /// <summary>The filters.</summary>
    public IReadOnlyCollection<EventFilterBase> Filters { get; }
}
