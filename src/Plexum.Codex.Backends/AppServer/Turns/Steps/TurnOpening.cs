using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>A turn before the server runs it: its files, its thread. Belongs to an actor.</summary>
/// <param name="services">What turns need.</param>
/// <param name="turn">The turn.</param>
/// <param name="work">The turn while it runs.</param>
/// <param name="self">The actor.</param>
/// <param name="log">The program's log.</param>
internal sealed class TurnOpening(AppServerTurnServices services, ServerTurn turn, TurnWork work, IActorRef self, ILoggingAdapter log)
{
    private ThreadSighting? _seen;
    private PreparedThread? _prepared;
    private bool _isRolloutKnown;
    private bool _hasSurvived;
    private bool _isLost;

    /// <summary>The attempt; null for a turn that an earlier process of this program started.</summary>
    public CodexBackendProtocol.Start? Start { get; private set; }

    /// <summary>Whether it is being found out if codex has begun the turn.</summary>
    public bool IsDoubting { get; private set; }

    private ThreadSearch Search => new(services, turn.AgentId, Start!.Thread!.Value);

    /// <summary>
    /// Writes the prompt's images and prepares the thread's configuration; <see cref="Ready"/> comes. A later attempt reuses both.
    /// </summary>
    public void Prepare(CodexBackendProtocol.Start start)
    {
        (Start, _seen, IsDoubting) = (start, start.ThreadSeen, false);
        work.Renew(start.Thread);
        FileWork.Run(PrepareAsync).PipeTo(self, success: ready => new Ready(ready, null), failure: e => new Ready(null, e));

        async Task<PreparedThread> PrepareAsync()
        {
            turn.WriteImages(start);
            var prepared = _prepared ?? await new ThreadPreparation(services, turn.Marker).PrepareAsync(start).ConfigureAwait(false);
            var withTools = await new HostTools(services, log).AddAsync(prepared.Setup, start.Thread, start.Tools).ConfigureAwait(false);
            return prepared with { WithTools = withTools };
        }
    }

    /// <summary>It is prepared. What readers should know of the sandbox is told once per thread.</summary>
    public void Take(PreparedThread prepared)
    {
        _prepared = prepared;
        work.Mapper.Tell(Start!.Thread is null ? prepared.Sandbox.Notice : null);
    }

    /// <summary>Has the server load the thread.</summary>
    /// <param name="isRolloutKnown">Whether it is known where the thread's rollout is, or that it is nowhere.</param>
    public void Open(bool isRolloutKnown)
    {
        (_isRolloutKnown, _isLost, work.Server.Id) = (isRolloutKnown, false, null);
        turn.ForgetServer();
        var rollout = turn.Rollout is { Path: var path } ? Path.GetRelativePath(services.CodexHome, path) : "";
        work.Server.Open(Start!.Thread, _prepared!.WithTools, isRolloutKnown ? rollout : null);
    }

    /// <summary>
    /// Opens the thread again in another server if the one that had taken it is gone; a new thread also if codex cannot have the host's
    /// tools as they are, but may have them by the relay.
    /// </summary>
    /// <param name="refused">Why the thread is not open.</param>
    /// <param name="isRecording">Whether the turn is being recorded: then <see cref="Recorded"/> comes first.</param>
    /// <returns>Whether it does, or has done so.</returns>
    public bool OpensAgain(AppServerProtocol.Refused refused, bool isRecording)
    {
        if (_isLost || IsOfLostServer(refused))
        {
            return true;
        }

        _isLost = Survives(refused.Fault);
        if (!_isLost && (isRecording || !TakesRelay(refused.Fault)))
        {
            return false;
        }

        if (!isRecording)
        {
            Open(_isRolloutKnown);
        }

        return true;
    }

    /// <summary>Records the turn before it is started; <see cref="Recorded"/> comes.</summary>
    public void Note(AppServerProtocol.ThreadOpened opened)
    {
        var start = Start!;
        turn.NoteServer(opened.Server);
        work.Mapper.Baseline = opened.Total ?? start.Baseline;
        work.Calls.Begin(start.Thread is null, turn.Rollout, []);
        FileWork.Run(Write).PipeTo(self, success: kept => new Recorded(kept, null), failure: e => new Recorded(null, e));

        CanonicalEvent.Notice? Write()
        {
            turn.NoteStart(start, opened);
            return KeptInstructions.NoticeOf(start.Options.DeveloperInstructions, start.Thread, turn.Rollout?.Path ?? opened.RolloutPath);
        }
    }

    /// <summary>Has the server start the turn.</summary>
    /// <param name="kept">What readers should know of the instructions that the thread keeps; null for nothing.</param>
    /// <returns>False if the server was lost while the turn was being recorded.</returns>
    public bool Begins(CanonicalEvent.Notice? kept)
    {
        if (!_isLost)
        {
            work.Mapper.Tell(kept);
            work.Server.Start(TurnParameters.Of(Start!, turn.Images));
        }

        return !_isLost;
    }

    /// <summary>Looks for the turn in the server that an earlier process of this program left it to.</summary>
    public void Reopen()
    {
        var record = turn.Record!;
        work.Renew(ThreadId.TryParse(record.ResumedThread, out var resumed) ? resumed : null);
        work.Mapper.Baseline = record.Baseline;
        work.Server.Id = turn.Thread;
        work.Calls.Begin(record.ResumedThread is null, turn.Rollout, turn.Logged.ToolCalls);
        work.Stopping.Demand(record.StopCause, force: false);
        work.Server.Reopen(turn.Thread!.Value, new ThreadSetup(record.Workspace));
    }

    /// <summary>
    /// Whether the program died between its record of the turn and its request to start it: the server does not know the turn. It has taken
    /// what it was sent on the old connection before it answered the new one, which asks several things one after the other. A new thread
    /// without a turn cannot be resumed, not even where it is loaded, since it has no rollout (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public bool IsUnbegun(AppServerFault fault) =>
        turn.Record is { ServerTurnId: null } record
        && (fault.Kind == AppServerFaultKind.NoActiveTurn || (fault.Kind == AppServerFaultKind.NotFound && record.ResumedThread is null));

    /// <summary>
    /// Finds out whether codex has begun the turn that it was asked to start when its server died; <see cref="BeginningKnown"/> comes. It
    /// records the user's message before it asks the model (measured on 0.169.0 and 0.171.0), so a rollout that is as it was tells that it
    /// has not. Once, since the turn may be what ends its servers.
    /// </summary>
    /// <returns>False if it has said something of the turn, or a server was lost before.</returns>
    public bool Doubts(AppServerFault fault)
    {
        var hasHeard = work.Mapper.HasBegun || work.Mapper.HasWorked || work.Questions.HasAsked;
        if (fault.Kind != AppServerFaultKind.ServerDown || hasHeard || _hasSurvived || turn.Record is not { ServerTurnId: null } record)
        {
            return false;
        }

        (_hasSurvived, IsDoubting) = (true, true);
        var reason = fault.Message;
        FileWork
            .Run(() => new BeginningKnown(!IsUntouched(record), reason))
            .PipeTo(self, failure: _ => new BeginningKnown(HasBegun: true, reason));
        return true;
    }

    /// <summary>Why the server does not know that turn; null if it does. Then what it said meanwhile is taken.</summary>
    public AppServerFaultKind? WhyNotResumed(AppServerProtocol.ThreadOpened opened)
    {
        if (RecentTurns.Find(opened.RecentTurns, turn.Record!) is { } recent)
        {
            work.Mapper.Resume(recent);
            return null;
        }

        var known = turn.Record!.ServerTurnId;
        if (opened.Running?.ServerTurnId is { } running && (known ?? running) == running)
        {
            work.Mapper.ServerTurnId = running;
            work.Mapper.NoteGap();
            return null;
        }

        return opened.RecentTurns is null ? AppServerFaultKind.Unreadable : AppServerFaultKind.NoActiveTurn;
    }

    /// <summary>Finds out why the server did not load the thread; <see cref="WriterFound"/> or <see cref="ThreadLocated"/> comes.</summary>
    /// <returns>False if the reason is not the thread's.</returns>
    public bool LooksInto(AppServerFault fault)
    {
        var problem = Start!.Thread is null ? ResumeProblem.None : ThreadFaults.ProblemOf(fault);
        switch (problem)
        {
            case ResumeProblem.None:
                return false;
            case ResumeProblem.ThreadBusy:
                Search.FindWriter(self);
                return true;
            default:
                Search.Locate(problem, fault, _seen, self);
                return true;
        }
    }

    /// <summary>The notice that the thread is gone, so that the turn needs a new one; null if it is not.</summary>
    public CanonicalEvent.Notice? GivesUp(ThreadLocated located) => Search.GivesUp(located);

    /// <summary>Why the thread was not continued.</summary>
    public TurnFailure Explain(ThreadLocated located) => Search.Explain(located);

    // The server was not asked to start the turn. Once, since the thread may be what ends its servers.
    private bool Survives(AppServerFault fault)
    {
        if (fault.Kind != AppServerFaultKind.ServerDown || turn.Server is null || work.Questions.HasAsked || _hasSurvived)
        {
            return false;
        }

        log.Info("codex: turn {TurnId} had not begun and goes to another app-server: {Reason}", turn.TurnId, fault.Message);
        return _hasSurvived = true;
    }

    // A lost server may be told twice, by its connection and by its end. What answers the request to open the thread is another matter.
    private bool IsOfLostServer(AppServerProtocol.Refused refused) =>
        refused is { Method: null, Fault.Kind: AppServerFaultKind.ServerDown } && turn.Server is null && _hasSurvived;

    // A new thread has no rollout until its first turn. After a power failure a rollout may lack what codex wrote.
    private bool IsUntouched(AppServerRecord record)
    {
        var server = new ProcessIdentity(record.ServerPid, record.ServerStartTicks, record.BootId ?? "");
        return record is { RolloutPath: { } path, ServerPid: > 0 }
            && record.BootId == ProcessIdentity.CurrentBootId
            && !server.IsRunning
            && (
                record.ResumedThread is null
                    ? Directory.Exists(services.CodexHome) && !File.Exists(path)
                    : LengthOf(path) == record.RolloutLength
            );
    }

    private static long LengthOf(string path) => new FileInfo(path).Length;

    private bool TakesRelay(AppServerFault fault)
    {
        if (_prepared!.WithTools.DynamicTools is null || !HostTools.AreRefused(fault))
        {
            return false;
        }

        _prepared = _prepared with { WithTools = HostTools.WithRelay(_prepared.Setup, Start!.Tools!) };
        return true;
    }
}
