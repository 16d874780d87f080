using Akka.Actor;
using Akka.Hosting;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Recovery;
using Plexum.Codex.Retention;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The actors of a running daemon that its surfaces talk to.</summary>
internal sealed class DaemonActors
{
    /// <param name="registry">Akka.Hosting's registry; every actor of <see cref="DaemonHosting"/> is started.</param>
    /// <param name="readers">Tells the retention which turns are being read.</param>
    public DaemonActors(IReadOnlyActorRegistry registry, TurnReaders readers)
    {
        Agents = registry.Get<AgentRegistryActor>();
        Admission = registry.Get<AdmissionActor>();
        ToolCalls = registry.Get<ToolCallsActor>();
        Readers = readers;
        var recovery = registry.Get<RecoveryActor>();
        Dispatched = recovery.Ask<RecoveryProtocol.Dispatched>(RecoveryProtocol.AwaitDispatch.Instance, Timeout.InfiniteTimeSpan);
        Recovered = recovery.Ask<RecoveryProtocol.Recovered>(RecoveryProtocol.AwaitRecovery.Instance, Timeout.InfiniteTimeSpan);
        Recovered.PipeTo(Admission, success: _ => AdmissionProtocol.Resume.Instance);
    }

    /// <summary>The <see cref="AgentRegistryActor"/>.</summary>
    public IActorRef Agents { get; }

    /// <summary>The <see cref="AdmissionActor"/>.</summary>
    public IActorRef Admission { get; }

    /// <summary>The <see cref="ToolCallsActor"/>.</summary>
    public IActorRef ToolCalls { get; }

    /// <summary>The readers of turns' files.</summary>
    public TurnReaders Readers { get; }

    /// <summary>Completes when the turns of the last run are queued ahead of every new one.</summary>
    public Task Dispatched { get; }

    /// <summary>Completes when every one of those turns was looked at.</summary>
    public Task<RecoveryProtocol.Recovered> Recovered { get; }

    /// <summary>The slots for codex as they are now.</summary>
    public Task<AdmissionProtocol.AdmissionSnapshot> SlotsAsync() =>
        Admission.Ask<AdmissionProtocol.AdmissionSnapshot>(AdmissionProtocol.GetAdmission.Instance, DaemonContext.AnswerLimit);

    /// <summary>Grants no more slots, and completes when no codex runs any more.</summary>
    public Task DrainAsync() => Admission.Ask<AdmissionProtocol.Drained>(AdmissionProtocol.Drain.Instance, Timeout.InfiniteTimeSpan);
}
