using System.Text.RegularExpressions;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit;

public partial class EventFilterFactory
{
    /// <summary>Matches errors, with a cause or without.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Applier(new ErrorFilter(CreateMessageMatcher(message, start, contains), SourceMatcher(source)));

    /// <summary>Matches errors, with a cause or without.</summary>
    public IEventFilterApplier Error(Regex pattern, string? source = null) =>
        Applier(new ErrorFilter(new RegexMatcher(pattern), SourceMatcher(source)));

    /// <summary>Matches warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Applier(new WarningFilter(CreateMessageMatcher(message, start, contains), SourceMatcher(source)));

    /// <summary>Matches warnings.</summary>
    public IEventFilterApplier Warning(Regex pattern, string? source = null) =>
        Applier(new WarningFilter(new RegexMatcher(pattern), SourceMatcher(source)));

    /// <summary>Matches information.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Applier(new InfoFilter(CreateMessageMatcher(message, start, contains), SourceMatcher(source)));

    /// <summary>Matches information.</summary>
    public IEventFilterApplier Info(Regex pattern, string? source = null) =>
        Applier(new InfoFilter(new RegexMatcher(pattern), SourceMatcher(source)));

    /// <summary>Matches debug output.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Applier(new DebugFilter(CreateMessageMatcher(message, start, contains), SourceMatcher(source)));

    /// <summary>Matches debug output.</summary>
    public IEventFilterApplier Debug(Regex pattern, string? source = null) =>
        Applier(new DebugFilter(new RegexMatcher(pattern), SourceMatcher(source)));

    /// <summary>Matches events of a level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        logLevel switch
        {
            LogLevel.DebugLevel => Debug(message, start, contains, source),
            LogLevel.InfoLevel => Info(message, start, contains, source),
            LogLevel.WarningLevel => Warning(message, start, contains, source),
            LogLevel.ErrorLevel => Error(message, start, contains, source),
            _ => throw UnknownLevel(logLevel),
        };

    /// <summary>Matches events of a level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) => logLevel switch
    {
        LogLevel.DebugLevel => Debug(pattern, source),
        LogLevel.InfoLevel => Info(pattern, source),
        LogLevel.WarningLevel => Warning(pattern, source),
        LogLevel.ErrorLevel => Error(pattern, source),
        _ => throw UnknownLevel(logLevel),
    };

    private static ArgumentOutOfRangeException UnknownLevel(LogLevel logLevel) =>
        new(nameof(logLevel), logLevel, "Unknown LogLevel value: only debug, info, warning and error can be filtered.");
}
