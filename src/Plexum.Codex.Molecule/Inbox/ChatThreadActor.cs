using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Owns the message at hand of one chat thread: has codex answer it, keeps the reply and has it sent. All others wait in the journal.
/// Parent: <see cref="InboxActor"/>; no children. Phases: <see cref="Phase"/>. After any failure, also its own, it waits a while and looks
/// into the journal, which says what is to be done next.
/// </summary>
internal sealed partial class ChatThreadActor : ReceiveActor, IWithTimers
{
    private readonly InboxEnvironment _environment;
    private readonly AgentId _thread;
    private readonly IActorRef _deliveries;
    private Phase _phase;
    private InboxEntry? _entry;
    private long _step;
    private long _wake;
    private long _lookedAt;
    private int _failures;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ChatThreadActor(InboxEnvironment environment, AgentId thread, IActorRef deliveries)
    {
        (_environment, _thread, _deliveries) = (environment, thread, deliveries);
        Receive<InboxChildProtocol.Wake>(OnWake);
        Receive<InboxChildProtocol.LookAgain>(_ => Look(), _ => _phase == Phase.Delivering);
        Receive<TryAgain>(_ => Look());
        Receive<Found>(OnFound, IsCurrent);
        Receive<Judged>(OnJudged, IsCurrent);
        Turns();
        Replies();
        Receive<StepFailed>(failed => OnFailure(failed.Cause), IsCurrent);

        // What an earlier step still had to say has no meaning any more.
        Receive<IStep>(_ => { });
        Receive<InboxChildProtocol.LookAgain>(_ => { });
    }

    private enum Phase
    {
        /// <summary>There is nothing to do.</summary>
        Idle,

        /// <summary>The journal is asked.</summary>
        Looking,

        /// <summary>A turn was asked for.</summary>
        Submitting,

        /// <summary>codex is at it, or will be.</summary>
        Running,

        /// <summary>The reply is being written down.</summary>
        Keeping,

        /// <summary>The reply is on its way.</summary>
        Delivering,

        /// <summary>Something is being noted.</summary>
        Noting,

        /// <summary>It waits before it looks again.</summary>
        Resting,
    }

    private interface IStep
    {
        long Step { get; }
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of a thread.</summary>
    /// <param name="environment">What the actors of the inbox share.</param>
    /// <param name="thread">The agent of the thread.</param>
    /// <param name="deliveries">The <see cref="DeliveryActor"/>.</param>
    public static Props Props(InboxEnvironment environment, AgentId thread, IActorRef deliveries) =>
        Akka.Actor.Props.Create(() => new ChatThreadActor(environment, thread, deliveries));

    /// <summary>Whatever it failed at it would fail at again, so it does not do so at once.</summary>
    protected override void PostRestart(Exception reason) => Rest(_environment.Settings.FirstBackOff);

    private bool IsCurrent(IStep step) => step.Step == _step;

    private void OnWake(InboxChildProtocol.Wake wake)
    {
        _wake = wake.Number;
        if (_phase == Phase.Idle)
        {
            Look();
        }
    }

    private void Look()
    {
        Enter(Phase.Looking);
        (_entry, _lookedAt) = (null, _wake);
        var step = _step;
        _environment.Journal.FindNextAsync(_thread).PipeTo(Self, success: entry => new Found(step, entry), failure: e => new StepFailed(step, e));
    }

    private void OnFound(Found found)
    {
        _entry = found.Entry;
        if (_entry is null)
        {
            BeIdle();
        }
        else if (_entry.Reply is { } reply)
        {
            Deliver(reply);
        }
        else if (_entry.Chat.IsFromUser || _entry.IsUnguarded)
        {
            Submit();
        }
        else
        {
            Judge();
        }
    }

    // A message that was woken for while the journal was read may not have been in what was read.
    private void BeIdle()
    {
        if (_wake != _lookedAt)
        {
            Look();
            return;
        }

        Enter(Phase.Idle);
        Context.Parent.Tell(new InboxChildProtocol.ConversationIdle(_thread, _wake));
    }

    private void Judge()
    {
        var step = _step;
        _environment.Journal.FindHistoryAsync(_thread, PeerGuard.History).PipeTo(
            Self, success: history => new Judged(step, history), failure: e => new StepFailed(step, e));
    }

    private void OnJudged(Judged judged)
    {
        switch (PeerGuard.Judge(_entry!.ReceivedAt, _environment.Time.GetUtcNow(), judged.History, _environment.Settings))
        {
            case GuardVerdict.Wait wait:
                LogHeldBack(wait.Time);
                Rest(wait.Time);
                break;
            case GuardVerdict.Stop stop:
                GiveUp(stop.Reason);
                break;
            default:
                Submit();
                break;
        }
    }

    private void OnFailure(Exception cause)
    {
        LogFailed(cause);
        Context.Parent.Tell(new InboxChildProtocol.Trouble(cause.Message));
        Rest(BackOff.Of(_environment.Settings, ++_failures, _environment.Random()));
    }

    private void Rest(TimeSpan time)
    {
        Enter(Phase.Resting);
        Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, time);
    }

    private void Enter(Phase phase)
    {
        _phase = phase;
        _step++;
        Timers.CancelAll();
    }

    private sealed record TryAgain
    {
        public static TryAgain Instance { get; } = new();
    }

    private sealed record Found(long Step, InboxEntry? Entry) : IStep, IDeadLetterSuppression;

    private sealed record Judged(long Step, InboxHistory History) : IStep, IDeadLetterSuppression;

    private sealed record StepFailed(long Step, Exception Cause) : IStep, IDeadLetterSuppression;
}
