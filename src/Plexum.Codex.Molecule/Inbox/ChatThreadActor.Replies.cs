using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>Having the reply sent, and giving it up.</summary>
internal sealed partial class ChatThreadActor
{
    private void Replies()
    {
        Receive<ReplyKept>(kept => Deliver(kept.Reply), IsCurrent);
        Receive<InboxChildProtocol.Delivered>(_ => OnDelivered(), delivered => IsOnItsWay(delivered.ActivityId));
        Receive<InboxChildProtocol.NotDelivered>(failed => OnNotDelivered(failed.Cause), failed => IsOnItsWay(failed.ActivityId));
        Receive<InboxChildProtocol.Delivered>(_ => { });
        Receive<InboxChildProtocol.NotDelivered>(_ => { });
        Receive<FailureNoted>(noted => Rest(noted.Pause), IsCurrent);
        Receive<GivenUp>(_ => OnSettled(), IsCurrent);
    }

    private bool IsOnItsWay(string activityId) => _phase == Phase.Delivering && _entry!.ActivityId == activityId;

    private void Deliver(string reply)
    {
        Enter(Phase.Delivering);
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
        var attempts = _entry!.Attempts + 1;
        LogNotDelivered(attempts, cause);
        Context.Parent.Tell(new InboxChildProtocol.Trouble(cause.Message));
        if (cause is DeliveryRefusedException || attempts >= _environment.Settings.ReplyAttempts)
        {
            GiveUp(cause.Message);
            return;
        }

        Enter(Phase.Noting);
        var pause = BackOff.Of(_environment.Settings, attempts, _environment.Random(), (cause as PlatformUnavailableException)?.RetryAfter);
        var step = _step;
        _environment.Journal.FailedAsync(_entry.ActivityId, cause.Message, _environment.Time.GetUtcNow()).PipeTo(
            Self, success: () => new FailureNoted(step, pause), failure: e => new StepFailed(step, e));
    }

    private void GiveUp(string problem)
    {
        LogGivenUp(problem);
        Enter(Phase.Noting);
        var step = _step;
        _environment.Journal.GiveUpAsync(_entry!.ActivityId, problem, _environment.Time.GetUtcNow()).PipeTo(
            Self, success: () => new GivenUp(step), failure: e => new StepFailed(step, e));
    }

    private sealed record ReplyKept(long Step, string Reply) : IStep, IDeadLetterSuppression
    {
        // Replies are not for logs.
        public override string ToString() => "ReplyKept";
    }

    private sealed record FailureNoted(long Step, TimeSpan Pause) : IStep, IDeadLetterSuppression;

    private sealed record GivenUp(long Step) : IStep, IDeadLetterSuppression;
}
