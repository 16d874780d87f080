using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Owns the inbox of one workspace of the platform: has messages polled, writes them to the journal, and wakes the conversations that have
/// some. Parent: the user guardian; children: a <see cref="ConversationActor"/> for each conversation with something to do, one
/// <see cref="PollActor"/>, one <see cref="DeliveryActor"/>, one <see cref="AcknowledgementActor"/>, one
/// <see cref="JournalUpkeepActor"/>.
/// Phases: <see cref="InboxPhase"/>. When it fails it is restarted and resumes from the journal.
/// </summary>
public sealed partial class InboxActor : ReceiveActor, IWithTimers
{
    // A platform that answers at once, with nothing or with the same again, is not asked more often.
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private readonly InboxServices _services;
    private readonly InboxHealth _health;
    private readonly OpenConversations _conversations;
    private IActorRef _poll = ActorRefs.Nobody;
    private IActorRef _deliveries = ActorRefs.Nobody;
    private IActorRef _acknowledgements = ActorRefs.Nobody;
    private IReadOnlyList<InboundMessage> _unwritten = [];
    private long _polls;
    private bool _polling;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public InboxActor(InboxServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _health = new InboxHealth(services.Time, services.Problems);
        var context = Context;
        _conversations = new OpenConversations(
            (agent, name) => context.ActorOf(ConversationActor.Props(services, agent, _deliveries), name)
        );
        Messages();
        Children();
        Questions();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The inbox of a workspace.</summary>
    public static Props Props(InboxServices services) => Akka.Actor.Props.Create(() => new InboxActor(services));

    /// <summary>Each child finds in the journal what it needs to resume.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _poll = Context.ActorOf(PollActor.Props(_services), "poll");
        _deliveries = Context.ActorOf(DeliveryActor.Props(_services), "deliveries");
        _acknowledgements = Context.ActorOf(AcknowledgementActor.Props(_services), "acknowledgements");
        Context.ActorOf(JournalUpkeepActor.Props(_services), "upkeep");
        FindOpenConversations();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object? message)
    {
        // The platform does not hand these out again; the next incarnation writes them down.
        if (_unwritten.Count > 0)
        {
            Self.Tell(new InboxChildProtocol.MessagesCame(0, _unwritten, TimeSpan.Zero), ActorRefs.NoSender);
        }

        base.PreRestart(reason, message);
    }

    private void Messages()
    {
        Receive<InboxChildProtocol.MessagesCame>(OnMessages);
        Receive<InboxChildProtocol.PollFailed>(OnPollFailed, failed => IsUnderWay(failed.Poll));
        Receive<InboxChildProtocol.PollFailed>(_ => { });
        Receive<Written>(OnWritten);
        Receive<WriteAgain>(again => Write(again.Arrivals));
        Receive<FindAgain>(_ => FindOpenConversations());
        Receive<OpenConversationsFound>(OnOpenConversations);
        Receive<JournalTrouble>(OnJournalTrouble);
    }

    private void Children()
    {
        Receive<InboxChildProtocol.ConversationIdle>(OnIdle);
        Receive<InboxChildProtocol.Settled>(_ => _acknowledgements.Tell(InboxChildProtocol.Acknowledge.Instance));
        Receive<InboxChildProtocol.DeliveriesLost>(_ => OnDeliveriesLost());
        Receive<InboxChildProtocol.PlatformRefusal>(refusal => Refuse(refusal.Problem));
        Receive<InboxChildProtocol.Trouble>(trouble => _health.NoteError(trouble.Problem));
    }

    private void Questions()
    {
        Receive<InboxProtocol.GetStatus>(_ => TellStatus());
        Receive<InboxProtocol.GetDeadLetters>(TellDeadLetters);
        Receive<InboxProtocol.Requeue>(Requeue);
        Receive<LettersOpened>(OnLettersOpened);
        Receive<InboxProtocol.Close>(close => _deliveries.Forward(close));
    }

    // What an earlier run left behind is woken before the first poll: of each conversation the journal gives the oldest message first.
    private void FindOpenConversations() =>
        _services
            .Journal.OpenConversationsAsync()
            .PipeTo(Self, success: agents => new OpenConversationsFound(agents), failure: e => new JournalTrouble(e, FindAgain.Instance));

    private void OnOpenConversations(OpenConversationsFound found)
    {
        _health.JournalAnswered();
        LogOpened(_services.WorkspaceId, found.Agents.Length);
        _conversations.Wake(found.Agents);
        _acknowledgements.Tell(InboxChildProtocol.Acknowledge.Instance);
        Poll(TimeSpan.Zero);
    }

    private void Poll(TimeSpan after)
    {
        if (_health.Phase != InboxPhase.Refused && !_polling)
        {
            _polling = true;
            _poll.Tell(new InboxChildProtocol.Poll(++_polls, after));
        }
    }

    private bool IsUnderWay(long poll) => _polling && poll == _polls && Sender.Equals(_poll);

    // Messages that an earlier poll fetched count as well: the platform does not hand them out again.
    private void OnMessages(InboxChildProtocol.MessagesCame came)
    {
        NotePlatformAnswered();
        var isCurrent = IsUnderWay(came.Poll);
        _polling &= !isCurrent;
        if (came.Messages.Count > 0)
        {
            _unwritten = [.. _unwritten, .. came.Messages];
            Write(Dispatch(came.Messages));
        }
        else if (isCurrent)
        {
            Poll(MinPause - came.Took);
        }
    }

    private void NotePlatformAnswered()
    {
        if (_health.PlatformAnswered() is > 0 and var failures)
        {
            LogPlatformBack(failures);
            TellHealth(PlatformHealth.Up);
        }
    }

    private void OnPollFailed(InboxChildProtocol.PollFailed failed)
    {
        _polling = false;
        if (failed.Cause is PlatformRefusedException)
        {
            Refuse(failed.Cause.Message);
            return;
        }

        var failures = _health.PlatformFailed(failed.Cause.Message);
        var pause = BackOff.Of(
            _services.Settings,
            failures,
            _services.Random(),
            (failed.Cause as PlatformUnavailableException)?.RetryAfter
        );
        LogPlatformDown(failures, failed.Cause, pause);
        TellHealth(PlatformHealth.Down);
        Poll(pause);
    }

    // Only an operator can help, and calls in vain would look like an attack.
    private void Refuse(string problem)
    {
        if (_health.Refuse(problem))
        {
            LogRefused(_services.WorkspaceId, problem);
            _poll.Tell(InboxChildProtocol.StopPolling.Instance);
            TellHealth(PlatformHealth.Refused);
            Context.System.EventStream.Publish(new InboxProtocol.WorkspaceRefused(_services.WorkspaceId, problem));
        }
    }

    private void TellHealth(PlatformHealth health)
    {
        _deliveries.Tell(health);
        _acknowledgements.Tell(health);
    }

    private ImmutableArray<InboxArrival> Dispatch(IReadOnlyList<InboundMessage> messages)
    {
        var arrivals = ImmutableArray.CreateBuilder<InboxArrival>(messages.Count);
        foreach (var message in messages.Where(message => !string.IsNullOrWhiteSpace(message.ActivityId)))
        {
            arrivals.Add(InboxDispatch.Of(message, _services.WorkspaceId, out var drained));
            LogArrival(message, arrivals[^1], drained);
        }

        return arrivals.DrainToImmutable();
    }

    private void Write(ImmutableArray<InboxArrival> arrivals) =>
        _services
            .Journal.ReceiveAsync(arrivals, _services.Time.GetUtcNow())
            .PipeTo(Self, success: agents => new Written(agents, arrivals), failure: e => new JournalTrouble(e, new WriteAgain(arrivals)));

    private void OnWritten(Written written)
    {
        // After a restart another batch may still be on its way to the journal.
        _unwritten = [.. _unwritten.ExceptBy(written.Arrivals.Select(arrival => arrival.ActivityId), message => message.ActivityId)];
        _health.JournalAnswered();

        // A message that needs no answer, or was handed out again, can be acknowledged at once.
        _acknowledgements.Tell(InboxChildProtocol.Acknowledge.Instance);
        _conversations.Wake(written.Agents);
        Poll(written.Agents.IsEmpty ? MinPause : TimeSpan.Zero);
    }

    private void OnJournalTrouble(JournalTrouble trouble)
    {
        var failures = _health.JournalFailed(trouble.Cause.Message);
        LogJournalDown(failures, trouble.Cause.Message);
        Timers.StartSingleTimer(trouble.Then, trouble.Then, BackOff.Of(_services.Settings, failures, _services.Random()));
    }

    private void OnIdle(InboxChildProtocol.ConversationIdle idle)
    {
        if (_conversations.Retire(idle, Sender))
        {
            Context.Stop(Sender);
        }
    }

    private void OnDeliveriesLost()
    {
        _deliveries.Tell(_health.Platform);
        foreach (var conversation in _conversations.Actors)
        {
            conversation.Tell(InboxChildProtocol.LookAgain.Instance);
        }
    }

    private void TellStatus()
    {
        var (phase, open, error, polled) = (_health.Phase, _conversations.Count, _health.LastError, _health.LastPolledAt);
        _services
            .Journal.CountAsync()
            .PipeTo(
                Sender,
                Self,
                success: counts => new InboxProtocol.InboxStatus(
                    _services.WorkspaceId,
                    phase,
                    counts,
                    open,
                    error?.Text,
                    error?.At,
                    polled
                ),
                failure: Failed
            );
    }

    private void TellDeadLetters(InboxProtocol.GetDeadLetters question) =>
        _services
            .Journal.FindDeadLettersAsync(question.After, question.Limit)
            .PipeTo(Sender, Self, success: letters => new InboxProtocol.DeadLettersFound(letters), failure: Failed);

    private void Requeue(InboxProtocol.Requeue command)
    {
        var asker = Sender;
        _services
            .Journal.RequeueAsync(command.ActivityId, _services.Time.GetUtcNow())
            .PipeTo(
                Self,
                asker,
                success: opened => new LettersOpened(opened.Count, opened.Conversations),
                failure: e => new LettersOpened(0, [], e)
            );
    }

    private void OnLettersOpened(LettersOpened opened)
    {
        if (opened.Failure is { } failure)
        {
            Sender.Tell(Failed(failure));
            return;
        }

        LogRequeued(opened.Count);
        _conversations.Wake(opened.Agents);
        Sender.Tell(new InboxProtocol.Requeued(opened.Count));
    }

    private static InboxProtocol.JournalFailed Failed(Exception e) => new(e.Message);

    private sealed record OpenConversationsFound(ImmutableArray<AgentId> Agents);

    private sealed record Written(ImmutableArray<AgentId> Agents, ImmutableArray<InboxArrival> Arrivals) : IDeadLetterSuppression;

    private sealed record LettersOpened(int Count, ImmutableArray<AgentId> Agents, Exception? Failure = null);

    private sealed record JournalTrouble(Exception Cause, object Then) : IDeadLetterSuppression;

    private sealed record WriteAgain(ImmutableArray<InboxArrival> Arrivals);

    private sealed record FindAgain
    {
        public static FindAgain Instance { get; } = new();
    }
}
