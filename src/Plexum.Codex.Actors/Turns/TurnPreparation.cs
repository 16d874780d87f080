using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns.Places;

namespace Plexum.Codex.Turns;

/// <summary>The steps before a turn can start: log, lock, thread. They run outside the actor.</summary>
internal static class TurnPreparation
{
    /// <summary>Finds the workspace and creates the turn's directory and log.</summary>
    /// <param name="hold">The turn.</param>
    /// <param name="toWork">Whether it is to work in its workspace; false if only something is to be written into its log.</param>
    /// <exception cref="CodexException">The profile cannot be written to.</exception>
    public static async Task OpenAsync(TurnHold hold, bool toWork = true)
    {
        var (turn, logs) = (hold.Turn, hold.Services.Logs);
        hold.EnterWorkspace(toWork);
        var log = await logs.OpenAsync(turn.AgentId, turn.TurnId, isNew: !turn.MayHaveLog).ConfigureAwait(false);
        try
        {
            var logged = turn.MayHaveLog ? await logs.LookAsync(turn.AgentId, turn.TurnId).ConfigureAwait(false) : LoggedTurn.Nothing;
            hold.Recorder = new TurnRecorder(log, hold.AgentThread, logged);
            hold.Choice = logged.Backend is { } told ? new BackendChoice(told) : null;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the agent's lock and finds the thread to continue.</summary>
    /// <exception cref="TurnRefusedException">The workspace leads to where the turn must not work.</exception>
    public static async Task CompleteAsync(TurnHold hold)
    {
        if (hold.WorkspaceRefusal is { } refusal)
        {
            throw new TurnRefusedException(refusal);
        }

        hold.Lock = FileLock.TryAcquire(hold.Agent.LockFile, out var holder) ?? await AwaitLockAsync(hold, holder!).ConfigureAwait(false);
        var choice = hold.AgentThread.Choose(hold.Turn.Request.NewThread);
        hold.Thread = choice.Thread;
        (hold.Baseline, hold.ThreadSeen) = hold.Thread is { } thread
            ? (hold.UsageFile.Load(thread), hold.StandingFile.Load(thread)?.Seen)
            : (null, null);
        var start = await StartAsync(hold, hold.Thread is not null).ConfigureAwait(false);
        if (!hold.Recorder!.HasStarted)
        {
            hold.Recorder.Append(start);
        }

        ThrowIfNobodyCanAsk(hold);
        TellOfWorkspace(hold, choice.Notices);
    }

    /// <summary>
    /// Writes a notice into the log of a turn that has yet to start, so that its readers know why nothing happens. The turn continues its
    /// log when it starts (<see cref="TurnToRun.MayHaveLog"/>).
    /// </summary>
    /// <exception cref="CodexException">The profile cannot be written to.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public static async Task TellEarlyAsync(TurnServices services, TurnToRun turn, CanonicalEvent.Notice notice)
    {
        var hold = new TurnHold(services, turn);
        await OpenAsync(hold, toWork: false).ConfigureAwait(false);
        try
        {
            hold.Recorder!.Append(await StartAsync(hold, SeemsToContinue(hold)).ConfigureAwait(false), notice);
        }
        finally
        {
            hold.Release();
        }
    }

    private static async Task<CanonicalEvent.MessageStart> StartAsync(TurnHold hold, bool resumed)
    {
        var choice = hold.Choice ??= await hold.Services.Backend.ChooseAsync(hold.ForBackend).ConfigureAwait(false);
        return new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, resumed)
        {
            Backend = choice.Kind,
            BackendReason = choice.WhyExec,
        };
    }

    // Without this, what codex was to ask about would be done or refused without a word.
    private static void ThrowIfNobodyCanAsk(TurnHold hold)
    {
        if (hold.ApprovalPolicy is not ApprovalPolicy.Never and var policy && hold.Choice is { Kind: BackendKind.Exec })
        {
            throw new TurnRefusedException(TurnRefusal.ApprovalsUnsupported(policy));
        }
    }

    // That a workspace was made anew says already that the session file was missing.
    private static void TellOfWorkspace(TurnHold hold, ImmutableArray<CanonicalEvent.Notice> ofSession)
    {
        var entry = hold.Entry;
        var told = entry is { IsMadeAnew: true } ? ofSession.RemoveAll(notice => notice.Code == NoticeCodes.SessionNotBelieved) : ofSession;
        var move = LookForMove(hold);
        if (move is not null)
        {
            hold.Recorder!.Append([.. move.Notices]);
        }

        if (entry?.ToNotice(hold.Thread) is { } ofWorkspace)
        {
            hold.Recorder!.Append(ofWorkspace);
        }

        hold.Recorder!.Append([.. told]);
        try
        {
            entry?.Remember();
            move?.Remember();
        }
        catch (IOException e)
        {
            var (log, turn) = (hold.Services.Log, hold.Turn);
            log.Warning("codex: a workspace could not be remembered agent={AgentId} err={Error}", turn.AgentId, e.Message);
        }
    }

    // The turn was accepted, so it runs even if nothing is known of where the agent and others work. The next turn looks again.
    private static WorkspaceMove? LookForMove(TurnHold hold)
    {
        var turn = hold.Turn;
        if (turn.IsFallback || turn.Request.Workspace is not { Length: > 0 } named)
        {
            return null;
        }

        try
        {
            return WorkspaceMove.Look(hold.Services.Workspaces, turn.AgentId, named, hold.Workspace, turn.Reader);
        }
        catch (IOException e)
        {
            hold.Services.Log.Warning(
                "codex: whether other agents work in a turn's workspace is unknown agent={AgentId} turn={TurnId} err={Error}",
                turn.AgentId,
                turn.TurnId,
                e.Message
            );
            return null;
        }
    }

    private static bool SeemsToContinue(TurnHold hold) => !hold.Turn.Request.NewThread && hold.AgentThread.SeemsToContinue;

    // The notice tells readers at once why nothing happens. Whether there is a thread is certain only once the lock is held.
    private static async Task<FileLock> AwaitLockAsync(TurnHold hold, LockHolder holder)
    {
        hold.Recorder!.Append(
            await StartAsync(hold, SeemsToContinue(hold)).ConfigureAwait(false),
            new CanonicalEvent.Notice(
                NoticeCodes.AgentBusy,
                $"{holder} is running a turn of agent {hold.Turn.AgentId}; this turn waits until it ends."
            )
        );
        return await FileLock.AcquireAsync(hold.Agent.LockFile, hold.Services.Time, _ => { }, hold.Cancelled).ConfigureAwait(false);
    }
}
