using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>
/// What a turn holds outside its actor: its log, its agent's lock and thread, and its run in the backend. The agent creates and keeps
/// it, so that a turn whose actor failed still ends exactly once with its <c>message_end</c>. File work runs through
/// <see cref="Do(Action)"/>, one piece at a time; the fields it sets are read only by later pieces.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The cancellation source has no timer, so there is nothing to dispose of.")]
internal sealed class TurnHold(TurnServices services, TurnToRun turn)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private IBackendRun? _run;
    private Task _last = Task.CompletedTask;
    private Task<TurnOutcome>? _settlement;
    private ImmutableArray<ImageSource> _imageSources = [];
    private bool _left;

    public TurnServices Services => services;

    public TurnToRun Turn => turn;

    public AgentDirectory Agent { get; } = services.DirectoryOf(turn.AgentId);

    /// <summary>
    /// The turn's workspace: the one that the request names, and from <see cref="EnterWorkspace"/> on the directory that it leads to. A
    /// recovered turn uses the recorded one.
    /// </summary>
    public string Workspace { get; private set; } = turn.Request.Workspace ?? "";

    /// <summary>Why the turn must not work in its workspace; null if it may, or if that is not known yet.</summary>
    public TurnRefusal? WorkspaceRefusal { get; private set; }

    /// <summary>What the turn found in place of its workspace; null before it has looked, or if it does not work there.</summary>
    public WorkspaceEntry? Entry { get; private set; }

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox => turn.Request.Sandbox ?? services.Sandbox;

    /// <summary>When codex asks.</summary>
    public ApprovalPolicy ApprovalPolicy => services.Approvals.Of(services.OverrideOf(turn.AgentId)).Of(turn.Request.Options.Approvals);

    /// <summary>When the turn started, as a timestamp of the services' clock.</summary>
    public long StartedAt { get; private set; } = services.Time.GetTimestamp();

    /// <summary>When this object was created, as a date and time.</summary>
    public DateTimeOffset StartedOn { get; } = services.Time.GetUtcNow();

    /// <summary>The turn that an earlier process of this program started; null if the turn starts now.</summary>
    public RecoveredTurn? Recovered { get; private init; }

    /// <summary>The turn's run in the backend, made when it is first needed.</summary>
    /// <exception cref="InvalidOperationException">The turn is ending; a run made now would escape the kill.</exception>
    public IBackendRun Run
    {
        get
        {
            lock (_gate)
            {
                return _settlement is null
                    ? _run ??= services.Backend.NewRun(ForBackend)
                    : throw new InvalidOperationException($"The turn {turn.TurnId} is ending, so nothing is started for it any more.");
            }
        }
    }

    /// <summary>What runs the turn, as its log says; null before it is chosen. It stays so: codex may be replaced at any time.</summary>
    public BackendChoice? Choice { get; set; }

    /// <summary>What the backend needs to know of the turn.</summary>
    public BackendTurn ForBackend =>
        new(turn.AgentId, turn.TurnId, TurnDirectory.Of(Agent, turn.TurnId))
        {
            Backend = Choice?.Kind ?? turn.Request.Options.Backend ?? services.OverrideOf(turn.AgentId).Backend,
            Sandbox = Sandbox,
        };

    /// <summary>Cancelled when the turn's preparation is no longer needed.</summary>
    public CancellationToken Cancelled => _cancellation.Token;

    /// <summary>Writes the turn's events; null until the log exists.</summary>
    public TurnRecorder? Recorder { get; set; }

    /// <summary>The agent's thread, on record and in the session file.</summary>
    public AgentThread AgentThread => field ??= new AgentThread(services.Threads, turn.AgentId, new SessionFile(Workspace, services.Time));

    public ThreadUsageFile UsageFile { get; } = new(services.DirectoryOf(turn.AgentId).ThreadUsageFile);

    public ThreadStandingFile StandingFile { get; } = new(services.DirectoryOf(turn.AgentId).ThreadStandingFile);

    /// <summary>The agent's lock, which excludes other processes; null until it is acquired.</summary>
    public FileLock? Lock { get; set; }

    /// <summary>The thread that the turn resumes, or null.</summary>
    public ThreadId? Thread { get; set; }

    /// <summary>That thread's token total before the turn; null if unknown.</summary>
    public Usage? Baseline { get; set; }

    /// <summary>When and where codex last continued that thread; null if unknown.</summary>
    public ThreadSighting? ThreadSeen { get; set; }

    /// <summary>The hold of a turn that an earlier process started.</summary>
    public static TurnHold Of(TurnServices services, TurnToRun turn, RecoveredTurn recovered) =>
        new(services, turn)
        {
            Recovered = recovered,
            Workspace = recovered.Workspace,
            Thread = recovered.Thread,
            Baseline = recovered.Baseline,
            StartedAt = services.Time.GetTimestamp() - (long)(recovered.Age.TotalSeconds * services.Time.TimestampFrequency),
            _run = recovered.Run,
        };

    /// <summary>What the backend needs to start an attempt.</summary>
    /// <param name="attempt">Which attempt it is, from 1.</param>
    /// <param name="tools">Where codex reaches the host's tools; null for none.</param>
    public CodexBackendProtocol.Start Start(int attempt, ToolServer? tools) =>
        new(turn.TurnId, attempt, Workspace, turn.Prompt, turn.Model, Thread, Baseline, Sandbox, tools)
        {
            StartedAt = StartedOn,
            ThreadSeen = ThreadSeen,
            SandboxIsRequested = turn.Request.Sandbox is not null,
            Options =
                ApprovalPolicy == ApprovalPolicy.Never ? turn.Request.Options : turn.Request.Options with { Approvals = ApprovalPolicy },
            ImageSources = _imageSources,
        };

    /// <summary>
    /// Finds out where the workspace leads, since it may be elsewhere than when the turn was accepted. File work.
    /// </summary>
    /// <param name="toWork">Whether the turn is to work there, so that a workspace that is gone is made anew.</param>
    public void EnterWorkspace(bool toWork)
    {
        TurnRefusal? unmade = null;
        Entry = toWork ? WorkspaceEntry.Enter(services.Workspaces, turn, out unmade) : null;

        // A turn whose request is lost has none.
        if (Workspace is { Length: > 0 } named)
        {
            (Workspace, var refusal) = services.Workspaces.Enter(named, turn.AgentId, turn.Submitter, turn.AcceptedAt);
            WorkspaceRefusal = unmade ?? refusal;
            _imageSources = services.Workspaces.ImageSourcesOf(named, Workspace);
        }
    }

    /// <summary>Records the thread as the agent's, and keeps a session file that is new out of the user's git. File work.</summary>
    /// <exception cref="ThreadOwnedException">It belongs to another agent.</exception>
    /// <exception cref="ThreadRecordException">The record of threads cannot be used.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void NameThread(ThreadId thread)
    {
        var file = Path.Combine(Workspace, SessionFile.Name);
        var isNew = !File.Exists(file);
        Recorder!.NameThread(thread);

        // An agent's own workspace is nobody's project, even if the profile is in a repository.
        if (isNew && File.Exists(file) && Workspace != (RealPath.OfDirectory(Agent.DefaultWorkspace) ?? Agent.DefaultWorkspace))
        {
            TellOfGit();
        }
    }

    private void TellOfGit()
    {
        string? told;
        try
        {
            told = GitExclude.Keep(Workspace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            told = $"Whether git shows the session file {SessionFile.Name} in {Workspace} could not be found out: {e.Message}";
        }

        if (told is not null)
        {
            Recorder!.Append(new CanonicalEvent.Notice(NoticeCodes.SessionFileInGit, told));
        }
    }

    /// <summary>Gives up the agent's thread, which is gone. File work.</summary>
    public void GiveUpThread(CanonicalEvent.Notice notice)
    {
        var problem = Thread is { } lost ? AgentThread.GiveUp(lost) : null;
        Recorder!.Append(problem is null ? [notice] : [notice, problem]);
        (Thread, Baseline) = (null, null);
    }

    /// <summary>Cancels the waits of the preparation.</summary>
    public void CancelPreparation() => _cancellation.Cancel();

    /// <summary>Runs file work outside the actor, after all earlier work.</summary>
    public Task Do(Action work) =>
        Do(() =>
        {
            work();
            return Task.CompletedTask;
        });

    /// <inheritdoc cref="Do(Action)"/>
    public Task Do(Func<Task> work) =>
        Do(async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        });

    /// <inheritdoc cref="Do(Action)"/>
    public Task<T> Do<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            var next = After(_last, work);
            _last = next;
            return next;
        }
    }

    /// <summary>Tells the turn's run, if there is one, that the end is written.</summary>
    public void NoteSettled()
    {
        if (_run?.NoteSettled() is { } problem)
        {
            services.Log.Warning("codex: the backend could not record the end of turn {TurnId}: {Error}", turn.TurnId, problem);
        }
    }

    /// <summary>Writes the turn's end and releases everything. Only the first call does so; later calls return its result.</summary>
    public Task<TurnOutcome> Settle(Func<TurnHold, TurnOutcome> settle)
    {
        lock (_gate)
        {
            return _settlement ??= SettleAndCompact(() => Task.FromResult(settle(this)));
        }
    }

    /// <summary>
    /// Ends the turn without its actor: kills what is running, then writes the end. If an end is already being written, that one
    /// counts.
    /// </summary>
    public Task<TurnOutcome> Abandon(BackendResult result)
    {
        lock (_gate)
        {
            if (_settlement is null)
            {
                _cancellation.Cancel();
                var killed = _run is { } run ? FileWork.Run(run.KillAsync) : Task.CompletedTask;
                _settlement = SettleAndCompact(() => AbandonAsync(killed, result));
            }

            return _settlement;
        }
    }

    /// <summary>Closes log and lock without an end: codex keeps running, and a later process of this program resumes the turn.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_settlement is not null || _left)
            {
                return;
            }

            _left = true;
            _cancellation.Cancel();
            Release();
            _ = _last.ContinueWith(
                _ => Release(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>Closes log and lock.</summary>
    public void Release()
    {
        Recorder?.Dispose();
        Lock?.Dispose();
    }

    // Nobody waits for the log to become smaller.
    private Task<TurnOutcome> SettleAndCompact(Func<Task<TurnOutcome>> settle)
    {
        var settlement = Do(settle);
        _ = Do(CompactAsync);
        return settlement;
    }

    private async Task CompactAsync()
    {
        if (Recorder is not { HasPieces: true, End: not null })
        {
            return;
        }

        try
        {
            await services.Logs.CompactAsync(turn.AgentId, turn.TurnId).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            services.Log.Warning("codex: the log of turn {TurnId} keeps its messages in pieces: {Error}", turn.TurnId, e.Message);
        }
    }

    private static Task<T> After<T>(Task last, Func<Task<T>> work) =>
        FileWork.Run(async () =>
        {
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await work().ConfigureAwait(false);
        });

    private async Task<TurnOutcome> AbandonAsync(Task killed, BackendResult result)
    {
        try
        {
            await AwaitKillAsync(killed).ConfigureAwait(false);
            if (Recorder is null)
            {
                await TurnPreparation.OpenAsync(this, toWork: false).ConfigureAwait(false);
            }

            return TurnSettlement.Settle(this, result);
        }
        finally
        {
            Release();
        }
    }

    // Without an end, the turn's readers and the agent's next turns would wait forever.
    private async Task AwaitKillAsync(Task killed)
    {
        try
        {
            await killed.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            services.Log.Error(e, "codex: turn {TurnId} was ended, but it could not be killed: {Error}", turn.TurnId, e.Message);
        }
    }
}
