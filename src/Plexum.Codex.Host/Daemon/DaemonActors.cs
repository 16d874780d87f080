using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.Ledger;
using Plexum.Codex.Recovery;
using Plexum.Codex.Retention;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The actors of a running daemon.</summary>
/// <param name="Codex">The agents and what they share.</param>
/// <param name="Feed">The <see cref="TurnFeedActor"/>.</param>
/// <param name="ToolCalls">The <see cref="ToolCallsActor"/>.</param>
/// <param name="Readers">Who reads which turn's files.</param>
/// <param name="Dispatched">Completes when the turns that the last run left behind stand before every new one.</param>
/// <param name="Recovered">Completes when each of those turns was looked at.</param>
internal sealed record DaemonActors(CodexActors Codex, IActorRef Feed, IActorRef ToolCalls, TurnReaders Readers, Task Dispatched, Task Recovered)
{
    public IActorRef Admission => Codex.Environment.Admission!;

    public static DaemonActors Start(ActorSystem system, HostSettings settings, ITurnLedger ledger)
    {
        var toolCalls = system.ActorOf(ToolCallsActor.Props(settings.Codex.Tools.HostWait), "tool-calls");
        var codex = CodexActors.Start(system, settings, ledger, toolCalls);
        var feed = system.ActorOf(TurnFeedActor.Props(), "turn-feed");
        var admission = codex.Environment.Admission!;
        admission.Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
        var recovery = system.ActorOf(RecoveryActor.Props(ledger, codex.Registry), "recovery");
        var readers = new TurnReaders();
        system.ActorOf(RetentionActor.Props(settings.Profile.Root, ledger, readers, settings.Retention, codex.Environment.Time), "retention");
        var dispatched = recovery.Ask<RecoveryProtocol.Dispatched>(RecoveryProtocol.AwaitDispatch.Instance, Timeout.InfiniteTimeSpan);
        var recovered = recovery.Ask<RecoveryProtocol.Recovered>(RecoveryProtocol.AwaitRecovery.Instance, Timeout.InfiniteTimeSpan);
        recovered.PipeTo(admission, success: _ => AdmissionProtocol.Resume.Instance);
        return new DaemonActors(codex, feed, toolCalls, readers, dispatched, recovered);
    }

    /// <summary>The slots for codex as they are now.</summary>
    public Task<AdmissionProtocol.AdmissionSnapshot> SlotsAsync() =>
        Admission.Ask<AdmissionProtocol.AdmissionSnapshot>(AdmissionProtocol.GetAdmission.Instance, DaemonContext.AnswerLimit);

    /// <summary>Grants no more slots, and completes when no codex runs any more.</summary>
    public Task DrainAsync() => Admission.Ask<AdmissionProtocol.Drained>(AdmissionProtocol.Drain.Instance, Timeout.InfiniteTimeSpan);
}
