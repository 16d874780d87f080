using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Options;
using Plexum.Codex.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// The state of a turn outside its actor: its files, the record for a later daemon, its process. Only one step of the turn runs at a
/// time and uses the fields; any thread may call <see cref="KillAsync"/> and
/// <see cref="IsOwnAsync"/>.
/// </summary>
internal sealed class ExecTurn(BackendTurn turn)
{
    private readonly Lock _gate = new();
    private ExecRecord? _record;
    private Task _launching = Task.CompletedTask;
    private Exception? _killFailure;
    private bool _killed;
    private bool _isToldOfInstructions;

    public TurnId TurnId => turn.TurnId;

    public AgentId AgentId => turn.AgentId;

    public TurnDirectory Directory => turn.Directory;

    /// <summary>Maps codex's output; null before the first start.</summary>
    public TurnMapper? Mapper { get; set; }

    /// <summary>Where the turn's part of the resumed thread's rollout begins; null if it resumes none or the position is unknown.</summary>
    public RolloutMark? Rollout { get; set; }

    /// <summary>
    /// How many bytes of codex's stdout the mapper has read. All starts of a turn append to one file, and none is read twice.
    /// </summary>
    public long OutputRead { get; set; }

    /// <summary>The paths of the prompt's images; default until the prompt is written.</summary>
    public ImmutableArray<string> Images { get; set; }

    public CodexBinary? Binary { get; set; }

    /// <summary>The sandbox of the model's commands; null before the first start.</summary>
    public PreparedSandbox? Sandbox { get; set; }

    /// <summary>The codex that was started last.</summary>
    public CodexProcess? Process { get; private set; }

    /// <summary>Why codex was told to stop; null if it was not.</summary>
    public ExecEndCause? StopCause => _record?.StopCause;

    /// <summary>The thread that codex was last told to resume.</summary>
    public ThreadId? Thread { get; private set; }

    /// <summary>Restores a turn that an earlier process of this program started.</summary>
    public static ExecTurn Of(BackendTurn turn, ExecRecord record, ThreadId? thread) =>
        new(turn)
        {
            _record = record,
            Thread = thread,
            Rollout = record.RolloutPath is null ? null : new RolloutMark(record.RolloutPath, record.RolloutLength),
            Images = turn.Directory.FindImages(),
        };

    /// <summary>Refuses a turn in which codex is to ask before it acts, which exec cannot: it would go on without asking.</summary>
    /// <exception cref="TurnRefusedException">It is to ask.</exception>
    public static void ThrowIfToAsk(CodexBackendProtocol.Start start)
    {
        if (start.Options.Approvals is { } policy and not ApprovalPolicy.Never)
        {
            throw new TurnRefusedException(TurnRefusal.ApprovalsUnsupported(policy));
        }
    }

    /// <summary>Writes the prompt, its images and the schema of the answer, at the first attempt.</summary>
    /// <exception cref="CodexException">They cannot be written.</exception>
    public void WritePrompt(CodexBackendProtocol.Start start)
    {
        if (Images.IsDefault)
        {
            Images = Directory.WritePrompt(start.Prompt, start.ImageSources);
            if (start.Options.OutputSchema is { } schema)
            {
                Directory.WriteSchema(schema);
            }
        }
    }

    /// <summary>What readers should know about the turn's developer instructions, once for all starts; null for nothing.</summary>
    public CanonicalEvent.Notice? LookAtInstructions(CodexBackendProtocol.Start start)
    {
        var notice = _isToldOfInstructions
            ? null
            : KeptInstructions.NoticeOf(start.Options.DeveloperInstructions, start.Thread, Rollout?.Path);
        _isToldOfInstructions |= notice is not null;
        return notice;
    }

    /// <summary>How codex is started; what this says does not matter for one that runs already.</summary>
    /// <param name="start">The start; null for a codex that an earlier process started.</param>
    /// <param name="extraArgs">The configuration's <c>extra_args</c>.</param>
    /// <param name="overrides">What registers the host's tools.</param>
    public CodexCommandLine CommandLineOf(
        CodexBackendProtocol.Start? start,
        ImmutableArray<string> extraArgs,
        ImmutableArray<string> overrides
    ) =>
        new()
        {
            Resume = start?.Thread,
            Model = start?.Model,
            Options = start?.Options ?? TurnOptions.None,
            SchemaFile = start?.Options.OutputSchema is null ? null : Directory.SchemaFile,
            Sandbox = start?.Sandbox ?? default,
            Confinement = Sandbox?.Overrides ?? [],
            ExtraArgs = extraArgs,
            Images = Images,
            Overrides = overrides,
        };

    /// <summary>Records how codex will be started. Call it before the start, after which the rollout grows.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteStart(CodexBackendProtocol.Start start)
    {
        Thread = start.Thread;
        var record = _record
            ?? new ExecRecord
            {
                TurnId = TurnId.Value,
                AgentId = AgentId.Value,
                Workspace = start.Workspace,
                Model = start.Model,
                StartedAt = start.StartedAt,
            };
        Save(
            record with
            {
                Pid = 0,
                PidStartedAt = 0,
                BootId = null,
                ResumedThread = start.Thread?.ToString(),
                Baseline = start.Baseline,
                RolloutPath = Rollout?.Path,
                RolloutLength = Rollout?.Length ?? 0,
                OutputStart = EndLastLine(),
                ToolTokenHash = start.Tools is { } tools ? ToolTokenHash.Of(tools.Token).ToString() : record.ToolTokenHash,
            }
        );
    }

    /// <summary>
    /// Records that codex refused to begin and is to be started again: what a wrapper around it has printed does not mean that it worked.
    /// </summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteRefusal() => Save(_record! with { OutputStart = StderrFile.Length(Directory.StdoutFile) });

    /// <summary>Starts codex. A concurrent kill waits for the start; after a kill, nothing is started.</summary>
    /// <exception cref="CodexException">The turn was killed.</exception>
    public Task<CodexProcess> LaunchAsync(Func<Task<CodexProcess>> launch)
    {
        lock (_gate)
        {
            if (_killed)
            {
                return Task.FromException<CodexProcess>(new CodexException("The turn was stopped before codex was started."));
            }

            var launching = FileWork.Run(launch);
            _launching = launching;
            return launching;
        }
    }

    /// <summary>Records the process, so that a later daemon finds it.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void Note(CodexProcess process)
    {
        Reattach(process);
        Save(_record! with { Pid = process.Identity.Pid, PidStartedAt = process.Identity.StartedAt, BootId = process.Identity.BootId });
    }

    /// <summary>Takes over a process that is already recorded.</summary>
    public void Reattach(CodexProcess process)
    {
        lock (_gate)
        {
            Process = process;
            if (_killed)
            {
                KillProcess();
            }
        }
    }

    /// <summary>Records why codex is told to stop, so that a later daemon continues the stop.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteStop(ExecEndCause cause) => Save(_record! with { StopCause = cause });

    /// <summary>Records that the turn is over, for daemons of earlier versions.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteSettled()
    {
        if (_record is { } record)
        {
            Save(record with { Settled = true });
        }
    }

    /// <summary>
    /// Whether a connection comes from the codex that was started last, or from a descendant of it, and from this user. A codex that is
    /// just being started may connect before it is recorded, so this waits for the start.
    /// </summary>
    public async Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken)
    {
        Task launching;
        lock (_gate)
        {
            launching = _launching;
        }

        await launching.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return peer.User == Libc.EffectiveUser()
            && Process is { } codex
            && await FileWork.Run(() => ProcessAncestry.Of(peer).Contains(codex.Identity)).ConfigureAwait(false);
    }

    /// <summary>Kills codex and its descendants, even if codex is just being started, and waits for its exit.</summary>
    /// <exception cref="CodexException">Some could not be killed; all others were.</exception>
    public async Task KillAsync()
    {
        Task launching;
        lock (_gate)
        {
            _killed = true;
            KillProcess();
            launching = _launching;
        }

        await launching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Process is { } process)
        {
            await process.Exited.ConfigureAwait(false);
        }

        if (_killFailure is { } failure)
        {
            throw new CodexException(
                $"Not everything that codex started for turn {TurnId} could be killed: {failure.Message} Look for it with ps, and kill it.",
                failure
            );
        }
    }

    // A last line without an end, which an earlier start left, would run into this start's first. Returns the length of the file.
    private long EndLastLine()
    {
        var length = StderrFile.Length(Directory.StdoutFile);
        if (length == 0)
        {
            return 0;
        }

        using var output = RegularFile.Open(Directory.StdoutFile, OpenFlags.ReadWrite | OpenFlags.Append);
        Span<byte> last = stackalloc byte[1];
        if (RandomAccess.Read(output, last, length - 1) == 0 || last[0] == (byte)'\n')
        {
            return length;
        }

        RandomAccess.Write(output, "\n"u8, length);
        return length + 1;
    }

    private void KillProcess()
    {
        if (Process is not { } process)
        {
            return;
        }

        ImmutableArray<Survivor> descendants = [];
        Try(() => descendants = Survivor.Find(process.Identity, TurnId));
        Try(() => process.Signal(ProcessSignal.Kill));
        foreach (var descendant in descendants)
        {
            Try(() => descendant.Signal(ProcessSignal.Kill));
        }
    }

    // What fails for one process must not keep the others alive.
    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            _killFailure ??= e;
        }
    }

    private void Save(ExecRecord changed)
    {
        _record = changed;
        changed.Save(Directory);
    }
}
