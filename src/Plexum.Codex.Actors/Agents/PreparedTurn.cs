using System.Collections.Immutable;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// What a turn has of the outer world. It is filled step by step; a step that fails leaves what the earlier ones made, so that
/// the failure can still be told in the turn's log and the lock given back.
/// </summary>
internal sealed class PreparedTurn(TurnDirectory directory, TurnRecord record, SessionFile session, ThreadUsageFile usage, long startedAt)
{
    private readonly Lock _gate = new();
    private TurnRecord _record = record;
    private bool _killed;

    public TurnDirectory Directory => directory;

    /// <summary>Where codex works.</summary>
    public string Workspace => _record.Workspace;

    public SessionFile Session => session;

    public ThreadUsageFile UsageFile => usage;

    /// <summary>The turn's start on the clock of the environment.</summary>
    public long StartedAt => startedAt;

    public TurnRecorder? Recorder { get; set; }

    public AgentLock? Lock { get; set; }

    public TurnMapper? Mapper { get; set; }

    /// <summary>The thread to go on with, or null for a new one.</summary>
    public ThreadId? Resume { get; set; }

    /// <summary>The last total that is known of that thread.</summary>
    public Usage? Baseline { get; set; } = record.Baseline;

    /// <summary>Where the turn's part of the resumed thread's rollout begins; null when it resumes none or that is not known.</summary>
    public RolloutMark? Rollout { get; set; } =
        record.RolloutPath is null ? null : new RolloutMark(record.RolloutPath, record.RolloutLength);

    public ImmutableArray<string> Images { get; set; } = [];

    /// <summary>The token with which codex reaches the host's tools; null while there are none.</summary>
    public string? ToolToken { get; set; } = record.ToolToken;

    public CodexBinary? Binary { get; set; }

    /// <summary>The codex that was started last.</summary>
    public CodexProcess? Process { get; private set; }

    /// <summary>Completes when that codex has exited; at once when none was started.</summary>
    public Task Exited => Process?.Exited ?? Task.CompletedTask;

    /// <summary>Kills codex and what it has started, also a codex that is just being started.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _killed = true;
            KillProcess();
        }
    }

    /// <summary>Notes what codex is about to go on with, before it is started: afterwards the rollout grows.</summary>
    /// <exception cref="IOException">It could not be written down.</exception>
    public void NoteStart() => Save(_record with
    {
        Pid = 0,
        PidStartedAt = 0,
        BootId = null,
        ResumedThread = Resume?.ToString(),
        Baseline = Baseline,
        RolloutPath = Rollout?.Path,
        RolloutLength = Rollout?.Length ?? 0,
        ToolToken = ToolToken,
    });

    /// <summary>Notes the process, so that a later daemon finds it.</summary>
    /// <exception cref="IOException">It could not be written down.</exception>
    public void Note(CodexProcess process)
    {
        Adopt(process);
        Save(_record with
        {
            Pid = process.Identity.Pid,
            PidStartedAt = process.Identity.StartedAt,
            BootId = process.Identity.BootId,
        });
    }

    /// <summary>Takes over a process that is noted already.</summary>
    public void Adopt(CodexProcess process)
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

    /// <summary>Why codex was told to stop; null while it was not.</summary>
    public TurnEndCause? StopCause => _record.StopCause;

    /// <summary>Notes why codex is told to stop, so that whoever takes the turn up goes on with it.</summary>
    /// <exception cref="IOException">It could not be written down.</exception>
    public void NoteStop(TurnEndCause cause) => Save(_record with { StopCause = cause });

    /// <summary>Notes that all is written, so that a later daemon leaves the turn alone.</summary>
    /// <exception cref="IOException">It could not be written down.</exception>
    public void NoteSettled() => Save(_record with { Settled = true });

    /// <summary>Gives the log and the lock back without an end: the turn goes on without this program.</summary>
    public void Leave()
    {
        Recorder?.Dispose();
        Lock?.Dispose();
    }

    private void KillProcess()
    {
        if (Process is not { } process)
        {
            return;
        }

        var descendants = Survivor.Find(process.Identity, TurnId.Parse(_record.TurnId));
        process.Signal(ProcessSignal.Kill);
        foreach (var descendant in descendants)
        {
            descendant.Signal(ProcessSignal.Kill);
        }
    }

    private void Save(TurnRecord changed)
    {
        _record = changed;
        changed.Save(directory);
    }
}
