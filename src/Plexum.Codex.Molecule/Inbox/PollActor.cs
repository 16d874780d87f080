using Akka.Actor;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Asks the platform for messages, once for each <see cref="InboxChildProtocol.Poll"/>. Parent: <see cref="InboxActor"/>; no children.
/// Phases: waiting for its time; asking. The platform hands a message out once, so answers go straight to the parent: they survive
/// a restart of either actor.
/// </summary>
internal sealed class PollActor : ReceiveActor, IWithTimers
{
    private readonly InboxServices _services;
    private readonly PlatformCalls _calls;
    private long _number;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public PollActor(InboxServices services)
    {
        (_services, _calls) = (services, new PlatformCalls(services.Time));
        Receive<InboxChildProtocol.Poll>(Begin);
        Receive<InboxChildProtocol.StopPolling>(_ => Timers.Cancel(Ask.Instance));
        Receive<Ask>(_ => AskNow());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor that polls for an inbox.</summary>
    public static Props Props(InboxServices services) => Akka.Actor.Props.Create(() => new PollActor(services));

    /// <summary>Without an answer the inbox would never poll again. If the poll was under way, its own answer comes second.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        Context.Parent.Tell(new InboxChildProtocol.PollFailed(_number, reason));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Stop();

    private void Begin(InboxChildProtocol.Poll poll)
    {
        _number = poll.Number;
        if (poll.After > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(Ask.Instance, Ask.Instance, poll.After);
        }
        else
        {
            AskNow();
        }
    }

    private void AskNow()
    {
        var (number, time, began, stop) = (_number, _services.Time, _services.Time.GetTimestamp(), _calls.Stopping);
        FileWork
            .Run(() => _services.Platform.WaitForMessagesAsync(_services.Settings.Wait, stop))
            .PipeTo(
                Context.Parent,
                Self,
                success: messages => new InboxChildProtocol.MessagesCame(number, messages, time.GetElapsedTime(began)),
                failure: e => new InboxChildProtocol.PollFailed(number, e)
            );
    }

    private sealed record Ask
    {
        public static Ask Instance { get; } = new();
    }
}
