using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Finds out what became of the turns that an earlier process of this program left unfinished.</summary>
internal sealed class OrphanedTurns(AgentServices services, AgentId agent, ILoggingAdapter log)
{
    private readonly AgentDirectory _directory = new(services.Profile, agent);
    private readonly TurnServices _turns = services.ForTurns(log);

    /// <summary>Queues the turns that are to be resumed or started, and reports the end of the others.</summary>
    /// <param name="orphans">The turns; the agent must not have any of them yet.</param>
    /// <param name="queue">The agent's queue.</param>
    /// <param name="news">Reports the ends.</param>
    /// <returns>How many turns were resumed, queued and already over.</returns>
    public async Task<AgentProtocol.TurnsRecovered> QueueAsync(
        IEnumerable<AgentProtocol.OrphanedTurn> orphans,
        TurnQueue queue,
        TurnNews news
    )
    {
        var (started, queued, ended) = (0, 0, 0);
        foreach (var orphan in orphans)
        {
            switch (await FileWork.Run(() => LookAtAsync(orphan)))
            {
                case { Outcome: { } outcome }:
                    ended++;
                    news.Ended(orphan.TurnId, outcome);
                    break;
                case { Queued: { } turn }:
                    queue.Add(turn);
                    (started, queued) = turn.Hold is null ? (started, queued + 1) : (started + 1, queued);
                    break;
            }
        }

        log.Info("codex: turns recovered agent={AgentId} started={Started} queued={Queued} ended={Ended}", agent, started, queued, ended);
        return new AgentProtocol.TurnsRecovered(agent, started, queued, ended);
    }

    private async Task<Found> LookAtAsync(AgentProtocol.OrphanedTurn orphan)
    {
        try
        {
            return await FindAsync(orphan).ConfigureAwait(false);
        }
        catch (EndNotWrittenException e)
        {
            return new Found(e.Outcome, null);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            return new Found(TurnOutcome.Of(StopReason.Error, BackendFailure.Of(e), services.Time.GetUtcNow()), null);
        }
    }

    private async Task<Found> FindAsync(AgentProtocol.OrphanedTurn orphan)
    {
        var directory = TurnDirectory.Of(_directory, orphan.TurnId);
        var logged = await services.Logs.LookAsync(agent, orphan.TurnId).ConfigureAwait(false);
        if (logged.End is not null)
        {
            await JoinAsync(orphan.TurnId, logged).ConfigureAwait(false);
            return new Found(logged.ToOutcome(File.GetLastWriteTimeUtc(directory.EventsFile)), null);
        }

        var queued = Requeue(orphan);
        var backend = new BackendTurn(agent, orphan.TurnId, directory) { Logged = logged };
        return await services.Backend.FindAsync(backend, logged.HasNotice(NoticeCodes.ThreadLost)).ConfigureAwait(false) is { } recovered
            ? await TakeOverAsync(queued, recovered, logged).ConfigureAwait(false)
            : new Found(null, queued);
    }

    // That process died before it could join the pieces of the messages.
    private async Task JoinAsync(TurnId turn, LoggedTurn logged)
    {
        try
        {
            if (logged.HasPieces)
            {
                await services.Logs.CompactAsync(agent, turn).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning("codex: the log of turn {TurnId} keeps its messages in pieces: {Error}", turn, e.Message);
        }
    }

    private QueuedTurn Requeue(AgentProtocol.OrphanedTurn orphan)
    {
        var asked = orphan.Request ?? new TurnRequest(agent, null, null, []);
        var request = RecoveredSandbox.Limit(asked, orphan.IdempotencyKey, services.Settings);
        if (request.Sandbox != asked.Sandbox)
        {
            log.Warning(
                "codex: the sandbox of a turn is replaced, as the settings now say agent={AgentId} turn={TurnId} was={Was} is={Is}",
                agent,
                orphan.TurnId,
                asked.Sandbox,
                request.Sandbox ?? services.Settings.Sandbox
            );
        }

        var check = TurnCheck.Of(request, services.Settings, services.Workspaces, Submitter.Owner);
        var (prompt, handler) = (check.Prompt ?? Prompt.None, services.ToolHandler);
        var turn = new TurnToRun(orphan.TurnId, request, prompt, check.Model, handler)
        {
            IsOrphaned = true,
            Submitter = Submitter.Owner,
            AcceptedAt = check.RealWorkspace,
            IsOfInbox = RecoveredSandbox.IsOfInbox(orphan.IdempotencyKey),
        };
        return new QueuedTurn(turn) { Refusal = check.Refusal };
    }

    // If the turn cannot go on, codex must not either.
    private async Task<Found> TakeOverAsync(QueuedTurn queued, RecoveredTurn recovered, LoggedTurn logged)
    {
        var hold = TurnHold.Of(_turns, queued.Turn, recovered);
        try
        {
            await OpenAsync(hold, recovered, logged).ConfigureAwait(false);
            return new Found(null, queued with { Hold = hold });
        }
        catch (Exception e)
        {
            log.Warning("codex: turn cannot be resumed agent={AgentId} turn={TurnId} err={Error}", agent, queued.TurnId, e.Message);
            return new Found(await hold.Abandon(new BackendResult.Failed(BackendFailure.Of(e))).ConfigureAwait(false), null);
        }
    }

    private async Task OpenAsync(TurnHold hold, RecoveredTurn recovered, LoggedTurn logged)
    {
        var turn = hold.Turn;
        hold.Recorder = new TurnRecorder(
            await services.Logs.OpenAsync(agent, turn.TurnId, isNew: false).ConfigureAwait(false),
            hold.AgentThread,
            logged,
            recovered.RepeatsOutput
        );
        hold.Lock = FileLock.TryAcquire(_directory.LockFile, out _);
        hold.ThreadSeen = recovered.Thread is { } thread ? hold.StandingFile.Load(thread)?.Seen : null;
        hold.Recorder.Append(
            new CanonicalEvent.MessageStart(turn.TurnId, agent, recovered.Thread is not null) { Backend = recovered.Backend }
        );
    }

    // Exactly one of the two is set.
    private sealed record Found(TurnOutcome? Outcome, QueuedTurn? Queued);
}
