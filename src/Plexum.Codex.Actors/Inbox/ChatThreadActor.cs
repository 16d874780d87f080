using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>
/// Owns the current message of one chat thread: has codex answer it, records the reply and has it sent. All others wait in the journal.
/// Parent: <see cref="InboxActor"/>; no children. Phases: <see cref="ChatThreadPhase"/>. After any failure, including its own, it waits a
/// while and reads the journal, which says what is next.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of cancellation has no timer; there is nothing to dispose of.")]
internal sealed partial class ChatThreadActor : ReceiveActor, IWithTimers
{
    private readonly InboxEnvironment _environment;
    private readonly AgentId _thread;
    private readonly IActorRef _deliveries;
    private readonly ReplyAttempts _attempts;
    private ChatThreadPhase _phase;
    private InboxEntry? _entry;
    private long _step;
    private long _wake;
    private long _lookedAt;
    private int _failures;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ChatThreadActor(InboxEnvironment environment, AgentId thread, IActorRef deliveries)
    {
        (_environment, _thread, _deliveries) = (environment, thread, deliveries);
        _attempts = new ReplyAttempts(environment, thread, _log);
        Receive<InboxChildProtocol.Wake>(OnWake);
        Receive<InboxChildProtocol.LookAgain>(_ => Look(), _ => _phase == ChatThreadPhase.Delivering);
        Receive<TryAgain>(_ => Look());
        Receive<Found>(OnFound, IsCurrent);
        Receive<Judged>(OnJudged, IsCurrent);
        Turns();
        Replies();
        Receive<StepFailed>(failed => OnFailure(failed.Cause), IsCurrent);

        // Results of earlier steps no longer matter.
        Receive<IStep>(_ => { });
        Receive<InboxChildProtocol.LookAgain>(_ => { });
    }

    private interface IStep
    {
        long Step { get; }
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of a thread.</summary>
    /// <param name="environment">What the actors of the inbox share.</param>
    /// <param name="thread">The thread's agent.</param>
    /// <param name="deliveries">The <see cref="DeliveryActor"/>.</param>
    public static Props Props(InboxEnvironment environment, AgentId thread, IActorRef deliveries) =>
        Akka.Actor.Props.Create(() => new ChatThreadActor(environment, thread, deliveries));

    /// <summary>It would probably fail again at once, so it waits first.</summary>
    protected override void PostRestart(Exception reason) => Rest(_environment.Settings.FirstBackOff);

    /// <summary>Also called before a restart.</summary>
    protected override void PostStop() => _stopped.Cancel();

    private bool IsCurrent(IStep step) => step.Step == _step;

    private void OnWake(InboxChildProtocol.Wake wake)
    {
        _wake = wake.Number;
        if (_phase == ChatThreadPhase.Idle)
        {
            Look();
        }
    }

    private void Look()
    {
        Enter(ChatThreadPhase.Looking);
        (_entry, _lookedAt) = (null, _wake);
        Continue(_environment.Journal.FindNextAsync(_thread), (step, entry) => new Found(step, entry));
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

    // A message that arrived while the journal was read may have been missed.
    private void BeIdle()
    {
        if (_wake != _lookedAt)
        {
            Look();
            return;
        }

        Enter(ChatThreadPhase.Idle);
        Context.Parent.Tell(new InboxChildProtocol.ConversationIdle(_thread, _wake));
    }

    private void Judge() => Continue(
        _environment.Journal.FindHistoryAsync(_thread, PeerGuard.History), (step, history) => new Judged(step, history));

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
        Enter(ChatThreadPhase.Resting);
        Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, time);
    }

    private void Enter(ChatThreadPhase phase)
    {
        _phase = phase;
        _step++;
        Timers.CancelAll();
    }

    /// <summary>Continues the current step with the result of some work, unless another step has begun by then.</summary>
    private void Continue<T>(Task<T> work, Func<long, T, IStep> next)
    {
        var step = _step;
        work.PipeTo(Self, success: result => next(step, result), failure: e => new StepFailed(step, e));
    }

    /// <inheritdoc cref="Continue{T}"/>
    private void Continue(Task work, Func<long, IStep> next)
    {
        var step = _step;
        work.PipeTo(Self, success: () => next(step), failure: e => new StepFailed(step, e));
    }

    private sealed record TryAgain
    {
        public static TryAgain Instance { get; } = new();
    }

    private sealed record Found(long Step, InboxEntry? Entry) : IStep, IDeadLetterSuppression;

    private sealed record Judged(long Step, InboxHistory History) : IStep, IDeadLetterSuppression;

    private sealed record StepFailed(long Step, Exception Cause) : IStep, IDeadLetterSuppression;
}
