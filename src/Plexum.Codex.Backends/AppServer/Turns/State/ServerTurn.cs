using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.State;

/// <summary>
/// The state of a turn outside its actor: its files, the record for a later daemon, its server. Only one step of the turn runs at a time
/// and changes it; any thread may call <see cref="IsOwnAsync"/> and <see cref="KillProcesses"/>.
/// </summary>
/// <param name="turn">The turn.</param>
internal sealed class ServerTurn(BackendTurn turn)
{
    private readonly Lock _gate = new();
    private volatile AppServerRecord? _record;
    private Func<AppServerRecord, AppServerRecord> _early = record => record;
    private volatile TaskCompletionSource _isOpening = NewSource();
    private volatile AppServerProtocol.ServerMark? _server;

    public TurnId TurnId => turn.TurnId;

    public AgentId AgentId => turn.AgentId;

    public TurnDirectory Directory => turn.Directory;

    /// <summary>
    /// What the commands of the agent's turns have in their environment, which is no other agent's of any profile: a loaded thread keeps
    /// its
    /// configuration, so it cannot name the turn.
    /// </summary>
    public string Marker { get; } = $"thread-of-{turn.AgentId}-{DigestOf(Path.GetDirectoryName(turn.Directory.Root)!)}";

    /// <summary>What the turn's log has already.</summary>
    public LoggedTurn Logged => turn.Logged;

    /// <summary>What is kept of the turn; null before it is started.</summary>
    public AppServerRecord? Record => _record;

    /// <summary>The thread in which codex works; null before it is opened.</summary>
    public ThreadId? Thread => ThreadId.TryParse(_record?.Thread, out var thread) ? thread : null;

    /// <summary>The server that has the thread, or is about to load it; null before that is known.</summary>
    public AppServerProtocol.ServerMark? Server => _server;

    /// <summary>Where the turn's part of the resumed thread's rollout begins; null if it resumes none or the position is unknown.</summary>
    public RolloutMark? Rollout { get; set; }

    /// <summary>The paths of the prompt's images; default until this process has written them.</summary>
    public ImmutableArray<string> Images { get; private set; }

    /// <summary>Restores a turn that an earlier process of this program started.</summary>
    public static ServerTurn Of(BackendTurn turn, AppServerRecord record)
    {
        var restored = new ServerTurn(turn)
        {
            _record = record,
            Rollout = record is { RolloutPath: { } path, RolloutLength: { } length } ? new RolloutMark(path, length) : null,
        };
        if (record.ServerPid > 0)
        {
            restored.NoteServer(new AppServerProtocol.ServerMark(record.ServerPid, record.ServerStartTicks));
        }

        return restored;
    }

    /// <summary>Learns which server has the turn's thread, or is about to load it.</summary>
    public void NoteServer(AppServerProtocol.ServerMark server)
    {
        _server = server;
        _isOpening.TrySetResult();
    }

    /// <summary>The turn is to have another server, or its first one.</summary>
    public void ForgetServer()
    {
        if (_server is not null)
        {
            (_isOpening, _server) = (NewSource(), null);
        }
    }

    /// <summary>Writes the prompt's images, at the first attempt. The server is sent the text.</summary>
    /// <exception cref="CodexException">They cannot be written.</exception>
    public void WriteImages(CodexBackendProtocol.Start start)
    {
        if (Images.IsDefault)
        {
            Images = Directory.WriteImages(start.Prompt, start.ImageSources);
        }
    }

    /// <summary>Records that the turn is about to start.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteStart(CodexBackendProtocol.Start start, AppServerProtocol.ThreadOpened opened)
    {
        lock (_gate)
        {
            var record = new AppServerRecord
            {
                Backend = AppServerRecord.BackendName,
                TurnId = TurnId.Value,
                AgentId = AgentId.Value,
                Workspace = start.Workspace,
                ResumedThread = start.Thread?.ToString(),
                Thread = opened.Thread.ToString(),
                RolloutPath = start.Thread is null ? opened.RolloutPath : Rollout?.Path,
                RolloutLength = start.Thread is null ? null : Rollout?.Length,
                StartedAt = start.StartedAt,
                StartTicks = ProcessIdentity.NowInTicks,
                Baseline = opened.Total ?? start.Baseline,
                BootId = ProcessIdentity.CurrentBootId,
                ServerPid = opened.Server.Pid,
                ServerStartTicks = opened.Server.StartTicks,
                ToolTokenHash = start.Tools is { } tools ? ToolTokenHash.Of(tools.Token).ToString() : null,
            };
            Save(_early(record));
        }
    }

    /// <summary>Records the server's id of the turn.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteServerTurn(string id) => Change(record => record with { ServerTurnId = id });

    /// <summary>Records why codex is told to stop, so that a later daemon continues the stop.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteStop(StopCause cause) => Change(record => record with { StopCause = cause });

    /// <summary>Records that the turn is over.</summary>
    /// <exception cref="IOException">The record could not be written.</exception>
    public void NoteSettled() => Change(record => record with { Settled = true });

    /// <summary>The commands of the turn that run, and what they started. File work.</summary>
    /// <param name="seen">
    /// What was found before: once its parent has ended, a process without a sign of its own is not found any more.
    /// </param>
    public ImmutableArray<Survivor> FindProcesses(params ImmutableArray<Survivor> seen)
    {
        ImmutableArray<Survivor> found =
            _record is { } record && Thread is { } thread ? Survivor.FindOfThread(thread, Marker, record.StartTicks) : [];
        return [.. found.Union(seen.Where(process => process.Identity.IsRunning))];
    }

    /// <summary>Kills the commands of the turn and what they started. File work.</summary>
    /// <param name="seen">What was found before.</param>
    /// <returns>What was killed.</returns>
    public ImmutableArray<Survivor> KillProcesses(params ImmutableArray<Survivor> seen)
    {
        var found = FindProcesses(seen);
        foreach (var process in found)
        {
            process.Signal(ProcessSignal.Kill);
        }

        return found;
    }

    /// <summary>
    /// Whether a connection comes from what the server started for itself, as its MCP servers are: from its session, which no command can
    /// join, since each has a session of its own (measured on 0.169.0 and 0.171.0). Which thread it serves, its token says. Waits until it
    /// is known which server loads the thread; that may be before the turn is recorded.
    /// </summary>
    /// <param name="peer">Who connected.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken)
    {
        if (peer.User != Libc.EffectiveUser() || _record is { Settled: true })
        {
            return false;
        }

        await _isOpening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _record is not { Settled: true }
            && _server is { } server
            && await FileWork.Run(() => IsOfServer(peer, server)).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static bool IsOfServer(SocketPeer peer, AppServerProtocol.ServerMark mark)
    {
        var line = ProcessAncestry.Of(peer);
        var server = new ProcessIdentity(mark.Pid, mark.StartTicks, ProcessIdentity.CurrentBootId);
        return line.Contains(server)
            && line.TakeWhile(process => process != server).All(process => ProcessEntry.Read(process.Pid)?.Session == server.Pid);
    }

    // A stop may be noted while the server's id of the turn is. The turn may be over for this program before its record is written.
    private void Change(Func<AppServerRecord, AppServerRecord> change)
    {
        lock (_gate)
        {
            if (_record is { } record)
            {
                Save(change(record));
            }
            else
            {
                var before = _early;
                _early = first => change(before(first));
            }
        }
    }

    private void Save(AppServerRecord changed)
    {
        _record = changed;
        changed.Save(Directory);
    }
}
