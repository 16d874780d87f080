using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>Logs what became of messages that nobody handled, as often as the settings allow.</summary>
internal sealed class DeadLetterListener : ActorBase
{
    private readonly EventStream _eventStream = Context.System.EventStream;
    private readonly int _limit = Context.System.Settings.LogDeadLetters;
    private readonly TimeSpan _pause = Context.System.Settings.LogDeadLettersSuspendDuration;
    private long _pauseStarted;
    private bool _pausing;
    private int _count;

    /// <summary>Starts it; it misses nothing from now on.</summary>
    public static IActorRef Start(ActorSystemImpl system)
    {
        var listener = system.SystemActorOf(Props.Create(() => new DeadLetterListener()), "deadLetterListener");
        system.EventStream.Subscribe(listener, typeof(DeadLetter));
        system.EventStream.Subscribe(listener, typeof(Dropped));
        system.EventStream.Subscribe(listener, typeof(UnhandledMessage));
        return listener;
    }

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter)
        {
            return false;
        }

        if (letter.Message is not IDeadLetterSuppression)
        {
            Count(letter);
        }

        return true;
    }

    private void Count(AllDeadLetters letter)
    {
        _count = _count == int.MaxValue ? 1 : _count + 1;
        if (_pausing)
        {
            if (Stopwatch.GetElapsedTime(_pauseStarted) > _pause)
            {
                Log(letter, $", of which {_count - _limit - 1} were not logged. The counter will be reset now");
                _count = 0;
                _pausing = false;
            }
        }
        else if (_limit == int.MaxValue || _count < _limit)
        {
            Log(letter, "");
        }
        else if (_pause == Timeout.InfiniteTimeSpan)
        {
            Log(letter, ", no more dead letters will be logged");
            Context.Stop(Self);
        }
        else
        {
            Log(letter, $", no more dead letters will be logged in next [{_pause}]");
            _pausing = true;
            _pauseStarted = Stopwatch.GetTimestamp();
        }
    }

    private void Log(AllDeadLetters letter, string done)
    {
        var inner = letter.Message;
        var wrapper = "";
        while (inner is IWrappedMessage wrapped)
        {
            wrapper = $" wrapped in [{letter.Message.GetType().Name}]";
            inner = wrapped.Message;
        }

        var name = inner.GetType().Name;
        var from = IsReal(letter.Sender) ? $" from {letter.Sender}" : "";
        var to = letter is DeadLetter || IsReal(letter.Recipient) ? $" to {letter.Recipient}" : "";
        var fate = letter switch
        {
            Dropped dropped => $"was dropped. {dropped.Reason}.",
            UnhandledMessage => "was unhandled.",
            _ => "was not delivered.",
        };
        var hint = letter is DeadLetter
            ? $"If this is not an expected behavior then {letter.Recipient} may have terminated unexpectedly. "
            : "";
        var content = inner.ToString();
        var tail = content == inner.GetType().ToString() ? "" : $" Message content: {content}";
        _eventStream.Publish(new Info(
            letter.Recipient.Path.ToString(),
            letter.Recipient.GetType(),
            $"Message [{name}]{wrapper}{from}{to} {fate} [{_count}] dead letters encountered{done}. {hint}" +
            "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' " +
            $"and 'akka.log-dead-letters-during-shutdown'.{tail}"));
    }

    private static bool IsReal(IActorRef? actor) =>
        actor is not null && !actor.Equals(ActorRefs.NoSender) && !actor.Equals(Context.System.DeadLetters);
}
