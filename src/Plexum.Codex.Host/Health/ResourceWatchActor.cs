using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// Looks twice a minute at what no event tells of: whether the profile can be written, the room on its disk, and this process's open
/// files. Parent: the user guardian; no children. Phases: none; one look at a time, outside the actor. When it fails it is restarted and
/// looks again.
/// </summary>
internal sealed class ResourceWatchActor : ReceiveActor, IWithTimers
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly DaemonHealth _health;
    private readonly RoomProbe _room;
    private readonly IProblemReporter _problems;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Task<RoomProbe.Result>? _roomLook;
    private bool _looking;

    public ResourceWatchActor(DaemonHealth health, RoomProbe room, IProblemReporter problems)
    {
        (_health, _room, _problems) = (health, room, problems);
        Receive<Look>(_ => Begin());
        Receive<Looked>(looked =>
        {
            _looking = false;
            if (looked.Failure is { } failure)
            {
                _log.Warning("The resources of the daemon could not be looked at: {Error}", failure.Message);
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="health">Tries the profile.</param>
    /// <param name="room">Looks at its disk.</param>
    /// <param name="problems">Is told what was found.</param>
    public static Props Props(DaemonHealth health, RoomProbe room, IProblemReporter problems) =>
        Akka.Actor.Props.Create(() => new ResourceWatchActor(health, room, problems));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Interval, Interval);
        Begin();
    }

    private void Begin()
    {
        if (!_looking)
        {
            _looking = true;
            LookAsync().PipeTo(Self, success: () => new Looked(null), failure: e => new Looked(e));
        }
    }

    private async Task LookAsync()
    {
        LookAtDescriptors();
        if (await _health.TryWriteAsync().ConfigureAwait(false) is null)
        {
            await LookAtRoomAsync().ConfigureAwait(false);
        }
    }

    private void LookAtDescriptors()
    {
        if (DescriptorProbe.OfThis().Problem is { } problem)
        {
            _problems.Begins(ProblemKinds.DescriptorsLow, $"This daemon has few descriptors: {problem}");
        }
        else
        {
            _problems.Ends(ProblemKinds.DescriptorsLow);
        }
    }

    // A look that hangs is waited for no longer than a write, and not repeated while it hangs.
    private async Task LookAtRoomAsync()
    {
        if (_roomLook is not { IsCompleted: false })
        {
            _roomLook = FileWork.Run(_room.Look);
        }

        await Task.WhenAny(_roomLook, Task.Delay(DaemonHealth.Limit, TimeProvider.System)).ConfigureAwait(false);
        if (!_roomLook.IsCompletedSuccessfully)
        {
            return;
        }

        var result = await _roomLook.ConfigureAwait(false);
        if (result is { Room: not null, Problem: { } problem })
        {
            _problems.Begins(ProblemKinds.RoomLow, problem);
        }
        else
        {
            _problems.Ends(ProblemKinds.RoomLow);
        }
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Looked(Exception? Failure) : IDeadLetterSuppression;
}
