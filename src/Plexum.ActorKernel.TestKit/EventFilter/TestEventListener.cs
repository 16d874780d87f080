using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit;

/// <summary>
/// The logger of a system under test: prints what the default logger prints, but first shows each event, and each dead
/// letter as a warning, to the filters at work and drops what they match.
/// </summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<IEventFilter> _filters = [];

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in (ReadOnlySpan<Type>)[typeof(Mute), typeof(Unmute), typeof(Flush), typeof(DeadLetter), typeof(UnhandledMessage)])
                {
                    initialize.LoggingBus.Subscribe(Self, type);
                }

                return base.Receive(message);
            case Mute mute:
                _filters.AddRange(mute.Filters);
                break;
            case Unmute unmute:
                foreach (var filter in unmute.Filters)
                {
                    _filters.Remove(filter);
                }

                break;
            case Flush flush:
                flush.Done.TrySetResult();
                break;
            case LogEvent logEvent:
                if (!IsFiltered(logEvent))
                {
                    Print(logEvent);
                }

                break;
            case DeadLetter letter:
                Handle(letter);
                break;
            default:
                Print(new Debug(Context.System.Name, GetType(), message));
                break;
        }

        return true;
    }

    private void Handle(DeadLetter letter)
    {
        var source = letter.Recipient.Path.ToString();
        var type = letter.Recipient.GetType();
        if (!IsFiltered(new Warning(source, type, letter)))
        {
            Print(new Warning(source, type, $"Received dead letter from {letter.Sender}: {letter.Message}"));
        }
    }

    private bool IsFiltered(LogEvent logEvent)
    {
        foreach (var filter in _filters)
        {
            if (Matches(filter, logEvent))
            {
                return true;
            }
        }

        return false;
    }

    // A predicate of the test that throws must not restart the logger, which would lose all other filters.
    private bool Matches(IEventFilter filter, LogEvent logEvent)
    {
        try
        {
            return filter.Apply(logEvent);
        }
        catch (Exception e)
        {
            Print(new Warning(Self.Path.ToString(), GetType(), $"The event filter [{filter}] failed on [{logEvent}]: {e}"));
            return false;
        }
    }
}
