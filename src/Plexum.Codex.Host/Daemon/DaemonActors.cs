using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.AppServer.Node;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Problems;
using Plexum.Codex.Recovery;
using Plexum.Codex.Retention;
using Serilog;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The actors of a running daemon that its interfaces talk to.</summary>
internal sealed class DaemonActors
{
    /// <param name="system">The daemon's actor system.</param>
    /// <param name="registry">Akka.Hosting's registry; every actor of <see cref="DaemonHosting"/> must be started.</param>
    /// <param name="readers">The readers of turns' files, which retention must not remove.</param>
    public DaemonActors(ActorSystem system, IReadOnlyActorRegistry registry, TurnReaders readers)
    {
        System = system;
        Agents = registry.Get<AgentRegistryActor>();
        Admission = registry.Get<AdmissionActor>();
        ToolCalls = registry.Get<ToolCallsActor>();
        Problems = registry.Get<ProblemsActor>();
        AppServer = registry.Get<AppServerActor>();
        Readers = readers;
        var recovery = registry.Get<RecoveryActor>();
        Dispatched = recovery.Ask<RecoveryProtocol.Dispatched>(RecoveryProtocol.AwaitDispatch.Instance, Timeout.InfiniteTimeSpan);
        Recovered = recovery.Ask<RecoveryProtocol.Recovered>(RecoveryProtocol.AwaitRecovery.Instance, Timeout.InfiniteTimeSpan);
        Recovered.PipeTo(Admission, success: _ => AdmissionProtocol.Resume.Instance);
    }

    /// <summary>The daemon's actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>The <see cref="AgentRegistryActor"/>.</summary>
    public IActorRef Agents { get; }

    /// <summary>The <see cref="AdmissionActor"/>.</summary>
    public IActorRef Admission { get; }

    /// <summary>The <see cref="ToolCallsActor"/>.</summary>
    public IActorRef ToolCalls { get; }

    /// <summary>The <see cref="ProblemsActor"/>.</summary>
    public IActorRef Problems { get; }

    /// <summary>The <see cref="AppServerActor"/>.</summary>
    public IActorRef AppServer { get; }

    /// <summary>The readers of turns' files.</summary>
    public TurnReaders Readers { get; }

    /// <summary>Completes when the turns of the last run are queued ahead of every new one.</summary>
    public Task Dispatched { get; }

    /// <summary>Completes when each of those turns has been recovered.</summary>
    public Task<RecoveryProtocol.Recovered> Recovered { get; }

    /// <summary>What should page an operator.</summary>
    public async Task<ImmutableArray<StandingProblem>> ProblemsAsync() =>
        (
            await Problems
                .Ask<ProblemsProtocol.Standing>(ProblemsProtocol.GetProblems.Instance, DaemonContext.AnswerLimit)
                .ConfigureAwait(false)
        ).Problems;

    /// <summary>The current state of the slots for codex.</summary>
    public Task<AdmissionProtocol.AdmissionSnapshot> SlotsAsync() =>
        Admission.Ask<AdmissionProtocol.AdmissionSnapshot>(AdmissionProtocol.GetAdmission.Instance, DaemonContext.AnswerLimit);

    /// <summary>Ends codex's app-server, unless turns run in it: those go on, and the next daemon adopts it.</summary>
    public async Task StopAppServerAsync()
    {
        try
        {
            await AppServer
                .Ask<AppServerProtocol.Stopped>(new AppServerProtocol.Stop(EvenWithTurns: false), DaemonContext.AnswerLimit)
                .ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            Log.Warning("codex app-server did not end when the daemon stopped; the next daemon ends or adopts it.");
        }
    }

    /// <summary>Stops granting slots; completes when no codex is running.</summary>
    public Task DrainAsync() => Admission.Ask<AdmissionProtocol.Drained>(AdmissionProtocol.Drain.Instance, Timeout.InfiniteTimeSpan);
}
