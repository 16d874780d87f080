using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>Asking for messages and writing them down, one question at a time.</summary>
public sealed partial class InboxActor
{
    // A way to the platform that answers at once with nothing is not asked more often.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private IReadOnlyList<InboundMessage> _unwritten = [];
    private DateTimeOffset? _lastPolledAt;
    private long _question;
    private int _failures;
    private int _journalFailures;
    private bool _asking;

    private void Polling()
    {
        Receive<MessagesCame>(OnMessages);
        Receive<PollFailed>(OnPollFailed, failed => failed.Question == _question);
        Receive<PollFailed>(_ => { });
        Receive<ListenAgain>(_ => Listen());
        Receive<Written>(OnWritten);
        Receive<WriteAgain>(again => Write(again.Arrivals));
        Receive<FindAgain>(_ => FindOpenThreads());
        Receive<JournalTrouble>(OnJournalTrouble);
    }

    private void Listen()
    {
        if (_phase == InboxPhase.Refused || _asking)
        {
            return;
        }

        _asking = true;
        var (question, began, stop) = (++_question, _environment.Time.GetTimestamp(), Calls.Stopping);
        FileWork.Run(() => _environment.Tools.WaitForMessagesAsync(_environment.Settings.Wait, stop)).PipeTo(
            Self,
            success: messages => new MessagesCame(question, messages, _environment.Time.GetElapsedTime(began)),
            failure: e => new PollFailed(question, e));
    }

    // Messages count whoever asked for them: they are not handed out again.
    private void OnMessages(MessagesCame came)
    {
        _lastPolledAt = _environment.Time.GetUtcNow();
        PlatformAnswered();
        var isCurrent = came.Question == _question;
        _asking &= !isCurrent;
        if (came.Messages.Count > 0)
        {
            _unwritten = [.. _unwritten, .. came.Messages];
            Write(Dispatch(came.Messages));
        }
        else if (isCurrent)
        {
            ListenAfter(LeastPause - came.Took);
        }
    }

    private void ListenAfter(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(ListenAgain.Instance, ListenAgain.Instance, pause);
        }
        else
        {
            Listen();
        }
    }

    private ImmutableArray<InboxArrival> Dispatch(IReadOnlyList<InboundMessage> messages)
    {
        var arrivals = ImmutableArray.CreateBuilder<InboxArrival>(messages.Count);
        foreach (var message in messages.Where(message => !string.IsNullOrWhiteSpace(message.ActivityId)))
        {
            arrivals.Add(InboxDispatch.Of(message, _environment.WorkspaceId, out var drained));
            LogArrival(message, arrivals[^1], drained);
        }

        return arrivals.DrainToImmutable();
    }

    private void Write(ImmutableArray<InboxArrival> arrivals) => _environment.Journal.ReceiveAsync(arrivals, _environment.Time.GetUtcNow()).PipeTo(
        Self, success: threads => new Written(threads), failure: e => new JournalTrouble(e, new WriteAgain(arrivals)));

    private void OnWritten(Written written)
    {
        _unwritten = [];
        JournalAnswered();

        // One that was drained, or was handed out again, is to be acknowledged.
        _acknowledgements.Tell(AcknowledgementActor.Begin.Instance);
        Wake(written.Threads);

        // A way to the platform that hands out the same again and again is not asked more often either.
        ListenAfter(written.Threads.IsEmpty ? LeastPause : TimeSpan.Zero);
    }

    private void JournalAnswered()
    {
        _journalFailures = 0;
        _phase = _phase == InboxPhase.JournalDown ? InboxPhase.Listening : _phase;
    }

    private void OnJournalTrouble(JournalTrouble trouble)
    {
        LogJournalDown(_journalFailures, trouble.Cause.Message);
        NoteError(trouble.Cause.Message);
        _phase = _phase == InboxPhase.Refused ? _phase : InboxPhase.JournalDown;
        Timers.StartSingleTimer(
            trouble.Then, trouble.Then, BackOff.Of(_environment.Settings, ++_journalFailures, _environment.Random()));
    }

    private void PlatformAnswered()
    {
        if (_failures > 0)
        {
            LogPlatformBack(_failures);
            _failures = 0;
            _phase = _phase == InboxPhase.PlatformDown ? InboxPhase.Listening : _phase;
            _deliveries.Tell(PlatformHealth.Up);
            _acknowledgements.Tell(PlatformHealth.Up);
        }
    }

    private void OnPollFailed(PollFailed failed)
    {
        _asking = false;
        if (failed.Cause is PlatformRefusedException)
        {
            Refuse(failed.Cause.Message);
            return;
        }

        var asked = (failed.Cause as PlatformUnavailableException)?.RetryAfter;
        var pause = BackOff.Of(_environment.Settings, ++_failures, _environment.Random(), asked);
        LogPlatformDown(_failures, failed.Cause, pause);
        NoteError(failed.Cause.Message);
        _phase = _phase == InboxPhase.Refused ? _phase : InboxPhase.PlatformDown;
        _deliveries.Tell(PlatformHealth.Down);
        _acknowledgements.Tell(PlatformHealth.Down);
        ListenAfter(pause);
    }

    // Only an operator can help, and calls in vain would look like an attack.
    private void Refuse(string problem)
    {
        if (_phase == InboxPhase.Refused)
        {
            return;
        }

        LogRefused(_environment.WorkspaceId, problem);
        NoteError(problem);
        _phase = InboxPhase.Refused;
        Timers.Cancel(ListenAgain.Instance);
        _deliveries.Tell(PlatformHealth.Refused);
        _acknowledgements.Tell(PlatformHealth.Refused);
        Context.System.EventStream.Publish(new InboxProtocol.WorkspaceRefused(_environment.WorkspaceId, problem));
    }

    private sealed record ListenAgain
    {
        public static ListenAgain Instance { get; } = new();
    }

    private sealed record WriteAgain(ImmutableArray<InboxArrival> Arrivals);

    private sealed record MessagesCame(long Question, IReadOnlyList<InboundMessage> Messages, TimeSpan Took) : IDeadLetterSuppression;

    private sealed record PollFailed(long Question, Exception Cause) : IDeadLetterSuppression;

    private sealed record Written(ImmutableArray<AgentId> Threads) : IDeadLetterSuppression;

    private sealed record JournalTrouble(Exception Cause, object Then) : IDeadLetterSuppression;
}

/// <summary>What is known of the platform as a whole.</summary>
internal enum PlatformHealth
{
    /// <summary>It answers.</summary>
    Up,

    /// <summary>It does not; only the inbox asks it from time to time.</summary>
    Down,

    /// <summary>It does not want this workspace. Nothing is asked of it any more.</summary>
    Refused,
}
