using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sessions;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Finds out what became of the turns that an earlier process of this program left, outside the actor.</summary>
internal sealed class OrphanedTurns(AgentServices services, AgentId agent)
{
    private readonly AgentDirectory _directory = new(services.Profile, agent);
    private readonly TurnServices _turns = services.ForTurns;

    /// <summary>What became of a turn: over, or something to queue.</summary>
    /// <param name="Outcome">How it ended, if it is over.</param>
    /// <param name="Queued">The turn, if it is to be resumed or run.</param>
    public sealed record Found(TurnOutcome? Outcome, QueuedTurn? Queued);

    /// <summary>Looks at one.</summary>
    public async Task<Found> LookAtAsync(AgentProtocol.OrphanedTurn orphan)
    {
        try
        {
            return await FindAsync(orphan).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            return new Found(TurnOutcome.Of(StopReason.Error, BackendFailure.Of(e), services.Time.GetUtcNow()), null);
        }
    }

    private async Task<Found> FindAsync(AgentProtocol.OrphanedTurn orphan)
    {
        var directory = TurnDirectory.Of(_directory, orphan.TurnId);
        var logged = LoggedTurn.Read(directory.EventsFile);
        if (logged.End is not null)
        {
            return new Found(logged.ToOutcome(File.GetLastWriteTimeUtc(directory.EventsFile)), null);
        }

        var queued = Requeue(orphan);
        var backend = new BackendTurn(agent, orphan.TurnId, directory);
        return await services.Backend.FindAsync(backend, logged.HasNotice(NoticeCodes.ThreadLost)).ConfigureAwait(false) is { } recovered
            ? new Found(null, queued with { Hold = Hold(queued.Turn, recovered, directory, logged) })
            : new Found(null, queued);
    }

    private QueuedTurn Requeue(AgentProtocol.OrphanedTurn orphan)
    {
        var request = orphan.Request ?? new TurnRequest(agent, null, null, []);
        var check = TurnCheck.Of(request, services.Settings);
        var handler = services.DefaultToolHandler ?? ActorRefs.Nobody;
        var turn = new TurnToRun(orphan.TurnId, request, check.Prompt ?? Prompt.None, check.Model, handler) { IsOrphaned = true };
        return new QueuedTurn(turn, ActorRefs.Nobody) { Refusal = check.Refusal };
    }

    private TurnHold Hold(TurnToRun turn, RecoveredTurn recovered, TurnDirectory directory, LoggedTurn logged)
    {
        var hold = TurnHold.Of(_turns, turn, recovered);
        hold.Recorder = new TurnRecorder(TurnLog.Open(directory.EventsFile), hold.Session, logged);
        hold.Lock = AgentLock.TryAcquire(_directory.LockFile, out _);
        hold.Recorder.Append(new CanonicalEvent.MessageStart(turn.TurnId, agent, recovered.Thread is not null));
        return hold;
    }
}
