using System.Text;
using Akka.Event;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit.Internal;

/// <summary>Told of each event that a filter matches, on the logger's turn.</summary>
public delegate void EventMatched(EventFilterBase eventFilter, LogEvent logEvent);

/// <summary>A filter by text and source, which tells of its matches.</summary>
public abstract class EventFilterBase : IEventFilter
{
    private readonly IStringMatcher _messageMatcher;
    private readonly IStringMatcher _sourceMatcher;

    /// <summary>Creates it; null matches anything.</summary>
    protected EventFilterBase(IStringMatcher? messageMatcher, IStringMatcher? sourceMatcher)
    {
        _messageMatcher = messageMatcher ?? MatchesAll.Instance;
        _sourceMatcher = sourceMatcher ?? MatchesAll.Instance;
    }

    /// <summary>An event matched.</summary>
    public event EventMatched? EventMatched;

    /// <summary>What failures call the filter.</summary>
    protected abstract string FilterDescriptiveName { get; }

    /// <inheritdoc />
    public bool Apply(LogEvent logEvent)
    {
        if (!IsMatch(logEvent))
        {
            return false;
        }

        OnEventMatched(logEvent);
        return true;
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder(FilterDescriptiveName);
        var link = " when";
        if (_messageMatcher is not MatchesAll)
        {
            text.Append(link).Append(" Message ").Append(_messageMatcher);
            link = " and";
        }

        if (_sourceMatcher is not MatchesAll)
        {
            text.Append(link).Append(" Source ").Append(_sourceMatcher);
        }

        return text.ToString();
    }

    /// <summary>Whether the event is one that the filter is for.</summary>
    protected abstract bool IsMatch(LogEvent evt);

    /// <summary>Whether source and text fit.</summary>
    protected bool InternalDoMatch(string src, object? msg) =>
        _sourceMatcher.IsMatch(src) && _messageMatcher.IsMatch(msg?.ToString() ?? "null");

    /// <summary>Tells of a match.</summary>
    protected virtual void OnEventMatched(LogEvent logEvent) => EventMatched?.Invoke(this, logEvent);
}
