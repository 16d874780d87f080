using Akka.Event;

namespace Akka.TestKit;

/// <summary>Decides which logged events a <see cref="TestEventListener"/> keeps from being printed.</summary>
public interface IEventFilter
{
    /// <summary>Whether the event matches; if so it is counted.</summary>
    bool Apply(LogEvent logEvent);
}

/// <summary>A filter at work.</summary>
public interface IUnmutableFilter : IDisposable
{
    /// <summary>Ends the work of the filter.</summary>
    void Unmute();
}
