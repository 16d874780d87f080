using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Gateway;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Owns the current message of one conversation: has codex answer it, records the reply and has it sent. All others wait in the journal.
/// Parent: <see cref="InboxActor"/>; no children. Phases: <see cref="ConversationPhase"/>. After any failure, including its own, it waits a
/// while and reads the journal, which says what is next.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of cancellation has no timer; there is nothing to dispose of.")]
internal sealed partial class ConversationActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private readonly InboxServices _services;
    private readonly AgentId _agent;
    private readonly IActorRef _deliveries;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ReplyAttempts _attempts;
    private ConversationPhase _phase;
    private InboxEntry? _entry;
    private long _step;
    private long _wake;
    private long _lookedAt;
    private int _failures;
    private TurnId _turn;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ConversationActor(InboxServices services, AgentId agent, IActorRef deliveries)
    {
        (_services, _agent, _deliveries) = (services, agent, deliveries);
        _attempts = new ReplyAttempts(services, agent, _log);
        Receive<InboxChildProtocol.Wake>(OnWake);
        Receive<InboxChildProtocol.LookAgain>(_ => Look(), _ => _phase == ConversationPhase.Delivering);
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

    /// <summary>The actor of a conversation.</summary>
    /// <param name="services">What the actors of the inbox share.</param>
    /// <param name="agent">The conversation's agent.</param>
    /// <param name="deliveries">The <see cref="DeliveryActor"/>.</param>
    public static Props Props(InboxServices services, AgentId agent, IActorRef deliveries) =>
        Akka.Actor.Props.Create(() => new ConversationActor(services, agent, deliveries));

    /// <summary>It would probably fail again at once, so it waits first.</summary>
    protected override void PostRestart(Exception reason) => Rest(_services.Settings.FirstBackOff);

    /// <summary>Also called before a restart.</summary>
    protected override void PostStop() => _stopped.Cancel();

    private bool IsCurrent(IStep step) => step.Step == _step;

    private void OnWake(InboxChildProtocol.Wake wake)
    {
        _wake = wake.Number;
        if (_phase == ConversationPhase.Idle)
        {
            Look();
        }
    }

    private void Look()
    {
        Enter(ConversationPhase.Looking);
        (_entry, _lookedAt) = (null, _wake);
        Continue(_services.Journal.FindNextAsync(_agent), (step, entry) => new Found(step, entry));
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

        Enter(ConversationPhase.Idle);
        Context.Parent.Tell(new InboxChildProtocol.ConversationIdle(_agent, _wake));
    }

    private void Judge() =>
        Continue(_services.Journal.FindHistoryAsync(_agent, PeerGuard.History), (step, history) => new Judged(step, history));

    private void OnJudged(Judged judged)
    {
        switch (PeerGuard.Judge(_entry!.ReceivedAt, _services.Time.GetUtcNow(), judged.History, _services.Settings))
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

    private void Turns()
    {
        Receive<Submitted>(submitted => OnSubmitted(submitted.Answer), IsCurrent);
        Receive<NotNoted>(failed => LogNotNoted(failed.Turn, failed.Cause));
        Receive<Finished>(finished => OnFinished(finished.Turn), IsCurrent);
    }

    private void Submit()
    {
        Enter(ConversationPhase.Submitting);
        var request = new TurnRequest(_agent, _services.WorkspaceOf(_agent), null, [TurnMessage.User(_entry!.Chat.Text)])
        {
            Timeout = _services.Settings.TurnTimeout,
            Sandbox = _services.Settings.Sandbox,
        };
        var submission = new TurnSubmission(request, Submitter.Owner, RecoveredSandbox.InboxKey + _entry.ActivityId);
        Continue(_services.Gateway.SubmitAsync(submission, _stopped.Token), (step, answer) => new Submitted(step, answer));
    }

    private void OnSubmitted(Submission answer)
    {
        switch (answer)
        {
            case Submission.Accepted { TurnId: var turn } accepted:
                if (accepted.IsNew)
                {
                    _services.Submitted(_entry!, turn).PipeTo(Self, failure: e => new NotNoted(turn, e));
                }

                Await(turn);
                break;

            // The key names the message. Only settings can have changed the request since, and the message keeps its turn.
            case Submission.Refused { Earlier: { } turn }:
                Await(turn);
                break;
            case Submission.Refused { MayPass: false, Refusal: var refusal }:
                LogRefused(refusal.Code);
                KeepText(TurnReply.Of(refusal));
                break;
            // Nothing is wrong: the program stops, or still recovers its last turns.
            case Submission.NotOpen:
                Rest(_services.Settings.FirstBackOff);
                break;
            default:
                OnFailure(new CodexException(answer.Problem!));
                break;
        }
    }

    private void Await(TurnId turn)
    {
        Enter(ConversationPhase.Running);
        _turn = turn;
        LogTurn();
        Continue(_services.Gateway.FinishAsync(turn, Heartbeat, _stopped.Token), (step, finished) => new Finished(step, finished));
    }

    private void OnFinished(FinishedTurn? turn)
    {
        if (turn is null)
        {
            OnFailure(new CodexException($"The ledger does not know the turn {_turn}; it is submitted again."));
            return;
        }

        LogAnswered(turn.StopReason);
        KeepText(TurnReply.Of(turn, _services.Settings));
    }

    private void KeepText(string text)
    {
        Enter(ConversationPhase.Keeping);
        var keeping = _services.Journal.KeepReplyAsync(_entry!.ActivityId, text, _services.Time.GetUtcNow());
        Continue(keeping, step => new ReplyKept(step, text));
    }

    private void Replies()
    {
        Receive<ReplyKept>(kept => Deliver(kept.Reply), IsCurrent);
        Receive<InboxChildProtocol.Delivered>(_ => OnDelivered(), delivered => IsDelivering(delivered.ActivityId));
        Receive<InboxChildProtocol.NotDelivered>(failed => OnNotDelivered(failed.Cause), failed => IsDelivering(failed.ActivityId));
        Receive<InboxChildProtocol.Delivered>(_ => { });
        Receive<InboxChildProtocol.NotDelivered>(_ => { });
        Receive<FailureNoted>(noted => Rest(noted.Pause), IsCurrent);
        Receive<GivenUp>(_ => OnSettled(), IsCurrent);
    }

    private bool IsDelivering(string activityId) => _phase == ConversationPhase.Delivering && _entry!.ActivityId == activityId;

    private void Deliver(string reply)
    {
        Enter(ConversationPhase.Delivering);
        _deliveries.Tell(new InboxChildProtocol.Deliver(_entry!, reply));
    }

    private void OnDelivered()
    {
        LogDelivered();
        OnSettled();
    }

    private void OnSettled()
    {
        _failures = 0;
        Context.Parent.Tell(InboxChildProtocol.Settled.Instance);
        Look();
    }

    private void OnNotDelivered(Exception cause)
    {
        Context.Parent.Tell(new InboxChildProtocol.Trouble(cause.Message));
        if (_attempts.PauseAfter(_entry!, cause) is not { } pause)
        {
            GiveUp(cause.Message);
            return;
        }

        Enter(ConversationPhase.Noting);
        var noting = _services.Journal.FailedAsync(_entry!.ActivityId, cause.Message, _services.Time.GetUtcNow());
        Continue(noting, step => new FailureNoted(step, pause));
    }

    private void GiveUp(string problem)
    {
        LogGivenUp(problem);
        Enter(ConversationPhase.Noting);
        var noting = _services.Journal.GiveUpAsync(_entry!.ActivityId, problem, _services.Time.GetUtcNow());
        Continue(noting, step => new GivenUp(step));
    }

    private void OnFailure(Exception cause)
    {
        LogFailed(cause);
        Context.Parent.Tell(new InboxChildProtocol.Trouble(cause.Message));
        Rest(BackOff.Of(_services.Settings, ++_failures, _services.Random()));
    }

    private void Rest(TimeSpan time)
    {
        Enter(ConversationPhase.Resting);
        Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, time);
    }

    private void Enter(ConversationPhase phase)
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

    private sealed record Submitted(long Step, Submission Answer) : IStep, IDeadLetterSuppression;

    private sealed record NotNoted(TurnId Turn, Exception Cause);

    private sealed record Finished(long Step, FinishedTurn? Turn) : IStep, IDeadLetterSuppression
    {
        // Replies are not for logs.
        public override string ToString() => "Finished";
    }

    private sealed record ReplyKept(long Step, string Reply) : IStep, IDeadLetterSuppression
    {
        // Replies are not for logs.
        public override string ToString() => "ReplyKept";
    }

    private sealed record FailureNoted(long Step, TimeSpan Pause) : IStep, IDeadLetterSuppression;

    private sealed record GivenUp(long Step) : IStep, IDeadLetterSuppression;
}
