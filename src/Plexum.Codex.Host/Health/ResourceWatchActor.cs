using System.Collections.Immutable;
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
    private readonly ResourceProbes _probes;
    private readonly IProblemReporter _problems;
    private readonly TimeProvider _time;
    private readonly OneAtATime<RoomProbe.Result> _room;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _looking;

    public ResourceWatchActor(DaemonHealth health, ResourceProbes probes, IProblemReporter problems, TimeProvider time)
    {
        (_health, _probes, _problems, _time) = (health, probes, problems, time);
        _room = new OneAtATime<RoomProbe.Result>(() => FileWork.Run(probes.Room));
        Receive<Look>(_ => Begin());
        Receive<Looked>(looked =>
        {
            _looking = false;
            foreach (var failure in looked.Failures)
            {
                _log.Warning("a resource of the daemon could not be looked at: {Error}", failure.Message);
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="health">Tries the profile.</param>
    /// <param name="probes">Look at the rest.</param>
    /// <param name="problems">Is told what was found.</param>
    /// <param name="time">The clock of what may hang.</param>
    public static Props Props(DaemonHealth health, ResourceProbes probes, IProblemReporter problems, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ResourceWatchActor(health, probes, problems, time));

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
            LookAsync().PipeTo(Self, success: failures => new Looked(failures), failure: e => new Looked([e]));
        }
    }

    // What one look fails with keeps none of the others from being made.
    private async Task<ImmutableArray<Exception>> LookAsync()
    {
        var failures = ImmutableArray.CreateBuilder<Exception>();
        foreach (var look in new Func<Task>[] { LookAtDescriptorsAsync, LookAtDiskAsync })
        {
            try
            {
                await look().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Add(e);
            }
        }

        return failures.ToImmutable();
    }

    private async Task LookAtDescriptorsAsync()
    {
        if (await FileWork.Run(DescriptorProblem).ConfigureAwait(false) is { } problem)
        {
            _problems.Begins(ProblemKinds.DescriptorsLow, $"This daemon has few descriptors: {problem}");
        }
        else
        {
            _problems.Ends(ProblemKinds.DescriptorsLow);
        }
    }

    private string? DescriptorProblem()
    {
        try
        {
            return _probes.Descriptors().Problem;
        }
        catch (IOException e) when (DescriptorProbe.IsShortage(e))
        {
            return "not one more file or socket can be opened.";
        }
    }

    // A look that hangs is waited for no longer than a write; what it finds later, the next one tells.
    private async Task LookAtDiskAsync()
    {
        await _health.TryWriteAsync().ConfigureAwait(false);
        if (await FindRoomAsync().ConfigureAwait(false) is { Room: not null, Problem: { } problem })
        {
            _problems.Begins(ProblemKinds.RoomLow, problem);
        }
        else
        {
            _problems.Ends(ProblemKinds.RoomLow);
        }
    }

    private async Task<RoomProbe.Result> FindRoomAsync()
    {
        try
        {
            return await _room.AskAsync().WaitAsync(DaemonHealth.Limit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException("The file system of the profile does not say how much room it has left.", e);
        }
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Looked(ImmutableArray<Exception> Failures) : IDeadLetterSuppression;
}
