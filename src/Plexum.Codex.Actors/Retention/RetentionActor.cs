using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Retention;

/// <summary>
/// Deletes the files of ended turns that are too old or exceed the space limit, at startup and every hour, and lets the ledger
/// forget even older turns. If the clock was set by more than an hour, the next round deletes nothing. Parent: the user guardian;
/// no children. Phases: none; one round at a time, outside the actor. When it fails it is restarted and starts a round.
/// </summary>
public sealed partial class RetentionActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly List<IActorRef> _asking = [];
    private readonly Func<RetentionSweep> _newSweep;
    private readonly ClockWatch _clock;
    private RetentionSweep? _sweep;
    private bool _hasSwept;

    /// <summary>Created by <see cref="Props"/>.</summary>
    public RetentionActor(
        string profile,
        ITurnLedger ledger,
        ITurnLogStore logs,
        TurnReaders readers,
        RetentionSettings settings,
        TimeProvider time
    )
    {
        _newSweep = () => new RetentionSweep(profile, ledger, logs, readers, settings, time.GetUtcNow()) { JoinsMessages = !_hasSwept };
        _clock = new ClockWatch(time);
        Receive<RetentionProtocol.Sweep>(_ =>
        {
            _asking.Add(Sender);
            Begin();
        });
        Receive<HourPassed>(_ => Begin());
        Receive<RetentionProtocol.Swept>(End);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    /// <param name="profile">The root of the profile, an absolute path.</param>
    /// <param name="ledger">Knows which turns have ended.</param>
    /// <param name="logs">Knows whether a turn's log is complete.</param>
    /// <param name="readers">Knows which turns are being read.</param>
    /// <param name="settings">The limits on age and space.</param>
    /// <param name="time">The clock for a turn's age.</param>
    public static Props Props(
        string profile,
        ITurnLedger ledger,
        ITurnLogStore logs,
        TurnReaders readers,
        RetentionSettings settings,
        TimeProvider time
    ) => Akka.Actor.Props.Create(() => new RetentionActor(profile, ledger, logs, readers, settings, time));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("hour", HourPassed.Instance, Interval, Interval);
        Begin();
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _sweep?.Stop();
        base.PostStop();
    }

    private void Begin()
    {
        if (_sweep is not null)
        {
            return;
        }

        // Deleting cannot be undone, and the clock may be corrected by the next round.
        if (_clock.Look() is { } reason)
        {
            End(new RetentionProtocol.Swept(0, 0, 0, reason));
            return;
        }

        _sweep = _newSweep();
        FileWork.Run(_sweep.RunAsync).PipeTo(Self, failure: e => new RetentionProtocol.Swept(0, 0, 0, e.Message));
    }

    private void End(RetentionProtocol.Swept result)
    {
        _sweep = null;
        _hasSwept |= result.Problem is null;
        LogSwept(result);
        foreach (var asking in _asking)
        {
            asking.Tell(result);
        }

        _asking.Clear();
    }

    private sealed record HourPassed
    {
        public static HourPassed Instance { get; } = new();
    }
}
