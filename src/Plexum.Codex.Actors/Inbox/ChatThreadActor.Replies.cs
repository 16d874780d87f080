using Akka.Actor;
using Akka.Event;

namespace Plexum.Codex.Inbox;

/// <summary>Has the reply sent, and gives it up after too many failures.</summary>
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

    private bool IsOnItsWay(string activityId) => _phase == ChatThreadPhase.Delivering && _entry!.ActivityId == activityId;

    private void Deliver(string reply)
    {
        Enter(ChatThreadPhase.Delivering);
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

        Enter(ChatThreadPhase.Noting);
        var noting = _environment.Journal.FailedAsync(_entry!.ActivityId, cause.Message, _environment.Time.GetUtcNow());
        Continue(noting, step => new FailureNoted(step, pause));
    }

    private void GiveUp(string problem)
    {
        LogGivenUp(problem);
        Enter(ChatThreadPhase.Noting);
        var noting = _environment.Journal.GiveUpAsync(_entry!.ActivityId, problem, _environment.Time.GetUtcNow());
        Continue(noting, step => new GivenUp(step));
    }

    private sealed record ReplyKept(long Step, string Reply) : IStep, IDeadLetterSuppression
    {
        // Replies are not for logs.
        public override string ToString() => "ReplyKept";
    }

    private sealed record FailureNoted(long Step, TimeSpan Pause) : IStep, IDeadLetterSuppression;

    private sealed record GivenUp(long Step) : IStep, IDeadLetterSuppression;
}
