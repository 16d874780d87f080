using Akka.Event;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit.Internal;

/// <summary>Matches errors, or only those with a cause of a type.</summary>
public class ErrorFilter : EventFilterBase
{
    private readonly Type? _exceptionType;
    private readonly bool _recurseInnerExceptions;

    /// <summary>Matches errors with a cause or without.</summary>
    public ErrorFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
        : base(messageMatcher, sourceMatcher)
    {
    }

    /// <summary>Matches errors with a cause of a type, where wanted also with an inner exception of it.</summary>
    /// <exception cref="ArgumentException">The type is no exception.</exception>
    public ErrorFilter(Type? exceptionType, IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null, bool recurseInnerExceptions = false)
        : base(messageMatcher, sourceMatcher)
    {
        if (exceptionType is not null && !typeof(Exception).IsAssignableFrom(exceptionType))
        {
            throw new ArgumentException($"The type must be an exception. It was: {exceptionType}", nameof(exceptionType));
        }

        _exceptionType = exceptionType;
        _recurseInnerExceptions = recurseInnerExceptions;
    }

    /// <inheritdoc />
    protected override string FilterDescriptiveName =>
        _exceptionType is null ? "Error" : $"Error with Cause <{_exceptionType}>";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) =>
        evt is Error error && (error.Cause is null
            ? _exceptionType is null && InternalDoMatch(error.LogSource, error.Message)
            : IsMatch(error, error.Cause));

    private bool IsMatch(Error error, Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (_exceptionType?.IsInstanceOfType(cause) != false && IsTextMatch(error, cause))
            {
                return true;
            }

            if (!_recurseInnerExceptions)
            {
                return false;
            }
        }

        return false;
    }

    private bool IsTextMatch(Error error, Exception cause) =>
        (error.Message is null && string.IsNullOrEmpty(cause.Message))
        || InternalDoMatch(error.LogSource, error.Message)
        || InternalDoMatch(error.LogSource, cause.Message);
}
