using Akka.Actor;
using Akka.Event;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Removes messages from the journal, every hour, once they were handled long enough ago. Parent: <see cref="InboxActor"/>; no children.
/// When it fails it is restarted and tries at once.
/// </summary>
internal sealed class JournalUpkeepActor : ReceiveActor, IWithTimers
{
    private const int MaxInOneRound = 10_000;

    private readonly InboxServices _services;
    private readonly ClockWatch _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Made by <see cref="Props"/>.</summary>
    public JournalUpkeepActor(InboxServices services)
    {
        (_services, _clock) = (services, new ClockWatch(services.Time));
        Receive<HourPassed>(_ => Forget());
        Receive<Forgotten>(forgotten => LogForgotten(forgotten.Count));
        Receive<InboxChildProtocol.Trouble>(Context.Parent.Forward);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The upkeep of an inbox's journal.</summary>
    public static Props Props(InboxServices services) => Akka.Actor.Props.Create(() => new JournalUpkeepActor(services));

    /// <inheritdoc/>
    protected override void PreStart() =>
        Timers.StartPeriodicTimer(HourPassed.Instance, HourPassed.Instance, TimeSpan.Zero, TimeSpan.FromHours(1));

    // After a jump of the clock nothing is removed: a message that the platform hands out again would be answered again.
    private void Forget()
    {
        if (_clock.Look() is { } reason)
        {
            _log.Warning("molecule: old messages are kept for another hour: {Error}", reason);
            return;
        }

        _services
            .Journal.ForgetAsync(_services.Time.GetUtcNow() - _services.Settings.Handled, MaxInOneRound)
            .PipeTo(Self, success: count => new Forgotten(count), failure: e => new InboxChildProtocol.Trouble(e.Message));
    }

    private void LogForgotten(int count)
    {
        if (count > 0)
        {
            _log.Info("molecule: {Count} old messages removed from the journal", count);
        }
    }

    private sealed record Forgotten(int Count) : IDeadLetterSuppression;

    private sealed record HourPassed : INotInfluenceReceiveTimeout
    {
        public static HourPassed Instance { get; } = new();
    }
}
