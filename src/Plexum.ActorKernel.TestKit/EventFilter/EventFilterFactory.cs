using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit;

/// <summary>
/// Builds filters for logged events. Of <c>message</c> (the whole text), <c>start</c> and <c>contains</c> the first that
/// is given counts; all comparisons ignore case. <c>source</c> is the path of the actor that logs, with or without the
/// system's address, or the name of the log source.
/// </summary>
public partial class EventFilterFactory
{
    private readonly TestKitBase _testKit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventFilterBase> _filters;

    /// <summary>For the system under test.</summary>
    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    /// <summary>For <paramref name="system"/>.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    /// <summary>For <paramref name="actorSystem"/>; each filter that is built works together with <paramref name="filters"/>.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem actorSystem, IReadOnlyList<EventFilterBase> filters)
    {
        _testKit = testkit;
        _system = actorSystem;
        _filters = filters;
    }

    /// <summary>Matches errors whose cause is of the type, when the text of the error or of the cause fits.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Matches errors whose cause is of the type, when the text of the error or of the cause matches <paramref name="pattern"/>.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    /// <summary>
    /// Matches errors whose cause, or with <paramref name="checkInnerExceptions"/> one of its inner exceptions, is of the
    /// type, when the text of the error or of the cause fits.
    /// </summary>
    /// <exception cref="ArgumentException">The type is no exception.</exception>
    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Applier(new ErrorFilter(exceptionType, CreateMessageMatcher(message, start, contains), SourceMatcher(source), checkInnerExceptions));

    /// <summary>As the overload with texts, for a pattern.</summary>
    /// <exception cref="ArgumentException">The type is no exception.</exception>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Applier(new ErrorFilter(exceptionType, new RegexMatcher(pattern), SourceMatcher(source), checkInnerExceptions));

    /// <summary>Matches events for which <paramref name="predicate"/> is true.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Applier(new CustomEventFilter(predicate));

    /// <summary>Matches events of the type for which <paramref name="predicate"/> is true.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent =>
        Applier(new CustomEventFilter(logEvent => logEvent is TLogEvent typed && predicate(typed)));

    /// <summary>Matches dead letters.</summary>
    public IEventFilterApplier DeadLetter() => Applier(new DeadLettersFilter(null, null));

    /// <summary>Matches dead letters with a message of the type, to the receiver at <paramref name="source"/>.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) =>
        DeadLetter(static letter => letter.Message is TMessage, source);

    /// <summary>Matches dead letters with a message of the type for which <paramref name="isMatch"/> is true.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(letter => letter.Message is TMessage message && isMatch(message), source);

    /// <summary>Matches dead letters with a message of the type, to the receiver at <paramref name="source"/>.</summary>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) =>
        DeadLetter(letter => type.IsInstanceOfType(letter.Message), source);

    /// <summary>Matches dead letters with a message of the type for which <paramref name="isMatch"/> is true.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        DeadLetter(letter => type.IsInstanceOfType(letter.Message) && isMatch(letter.Message), source);

    /// <summary>The matcher for what is given: the whole text, or its start, or a part, or anything.</summary>
    protected static IStringMatcher CreateMessageMatcher(string? message, string? start, string? contains) =>
        message is not null ? new EqualsString(message)
        : start is not null ? new StartsWithString(start)
        : contains is not null ? new ContainsString(contains)
        : MatchesAll.Instance;

    /// <summary>Puts <paramref name="filter"/> together with those this factory began with.</summary>
    protected IEventFilterApplier CreateApplier(EventFilterBase filter, ActorSystem system) =>
        new EventFilterApplier(_testKit, system, [.. _filters, filter]);

    private static EqualsStringAndPathMatcher? SourceMatcher(string? source) =>
        source is null ? null : new EqualsStringAndPathMatcher(source);

    private IEventFilterApplier Applier(EventFilterBase filter) => CreateApplier(filter, _system);

    private IEventFilterApplier DeadLetter(Predicate<DeadLetter> isMatch, string? source) =>
        Applier(new DeadLettersFilter(null, SourceMatcher(source), isMatch));
}
