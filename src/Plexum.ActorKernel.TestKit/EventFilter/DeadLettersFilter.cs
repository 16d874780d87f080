using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit;

/// <summary>Matches dead letters, which the listener shows to filters as warnings from their receiver.</summary>
public sealed class DeadLettersFilter(IStringMatcher? messageMatcher, IStringMatcher? sourceMatcher, Predicate<DeadLetter>? isMatch = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    /// <inheritdoc />
    protected override string FilterDescriptiveName => "DeadLetter";

    /// <inheritdoc />
    protected override bool IsMatch(LogEvent evt) =>
        evt is Warning { Message: DeadLetter letter }
        && isMatch?.Invoke(letter) != false
        && InternalDoMatch(evt.LogSource, letter.Message);
}
