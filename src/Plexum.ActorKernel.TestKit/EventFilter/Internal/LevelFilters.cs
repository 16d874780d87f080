using Akka.Event;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit.Internal;

/// <summary>Matches warnings.</summary>
public class WarningFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    /// <inheritdoc />
    protected override string FilterDescriptiveName => "Warning";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) => evt is Warning && InternalDoMatch(evt.LogSource, evt.Message);
}

/// <summary>Matches information.</summary>
public class InfoFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    /// <inheritdoc />
    protected override string FilterDescriptiveName => "Info";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) => evt is Info && InternalDoMatch(evt.LogSource, evt.Message);
}

/// <summary>Matches debug output.</summary>
public class DebugFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    /// <inheritdoc />
    protected override string FilterDescriptiveName => "Debug";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) => evt is Debug && InternalDoMatch(evt.LogSource, evt.Message);
}

/// <summary>Matches what a predicate is true of.</summary>
public class CustomEventFilter(Predicate<LogEvent> predicate) : EventFilterBase(null, null)
{
    /// <inheritdoc />
    protected override string FilterDescriptiveName => "Custom";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) => predicate(evt);
}
