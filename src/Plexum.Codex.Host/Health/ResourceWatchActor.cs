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
    private readonly Func<DescriptorProbe> _descriptors;
    private readonly IProblemReporter _problems;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _looking;

    public ResourceWatchActor(DaemonHealth health, Func<DescriptorProbe> descriptors, IProblemReporter problems)
    {
        (_health, _descriptors, _problems) = (health, descriptors, problems);
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

    /// <param name="health">Tries the profile and its disk.</param>
    /// <param name="descriptors">
    /// Looks at the open files of this process. It throws an <see cref="IOException"/> if they cannot be counted, for example because there
    /// is no descriptor left to count them with.
    /// </param>
    /// <param name="problems">Is told what was found.</param>
    public static Props Props(DaemonHealth health, Func<DescriptorProbe> descriptors, IProblemReporter problems) =>
        Akka.Actor.Props.Create(() => new ResourceWatchActor(health, descriptors, problems));

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
            return _descriptors().Problem;
        }
        catch (IOException e) when (DescriptorProbe.IsShortage(e))
        {
            return "not one more file or socket can be opened.";
        }
    }

    // Where a write hangs, so does the rest; that is told once.
    private async Task LookAtDiskAsync()
    {
        var (writing, looking) = (_health.TryWriteAsync(), _health.LookAtRoomAsync());
        if (!await looking.ConfigureAwait(false) && await writing.ConfigureAwait(false) is null)
        {
            throw new TimeoutException("The file system of the profile does not say how much room it has left.");
        }

        await writing.ConfigureAwait(false);
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Looked(ImmutableArray<Exception> Failures) : IDeadLetterSuppression;
}
