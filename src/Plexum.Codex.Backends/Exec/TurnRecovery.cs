using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>Finds the codex that an earlier process of this program started, using the turn's directory and the process list.</summary>
internal sealed class TurnRecovery(ExecServices services)
{
    // For a codex that has ended and whose pid was never recorded; matches no process.
    private static readonly ProcessIdentity Nobody = new(int.MaxValue, 0, "");

    /// <summary>Finds the turn's codex, running or ended.</summary>
    /// <returns>Null if codex was never started, or must be started again.</returns>
    /// <exception cref="IOException">The turn's files cannot be read or written.</exception>
    /// <exception cref="CodexException">The kernel cannot watch a process that is not a child.</exception>
    public RecoveredTurn? Find(BackendTurn turn, bool threadWasLost) =>
        ExecRecord.Load(turn.Directory) is { } record && FindCodex(turn, record, threadWasLost) is { } codex
            ? Recover(turn, record, threadWasLost, codex)
            : null;

    /// <summary>
    /// Null if codex was never started, or only in a thread that it did not know, so that it must be started again. The program may
    /// have died before it recorded the pid. A running process is then found by the turn's variable in its environment; one that has
    /// ended is recognised by its output, apart from that of earlier starts.
    /// </summary>
    private static ProcessIdentity? FindCodex(BackendTurn turn, ExecRecord record, bool threadWasLost)
    {
        var noted = record.Pid > 0 ? new ProcessIdentity(record.Pid, record.PidStartedAt, record.BootId ?? "") : null;
        if (noted is { IsRunning: true })
        {
            return noted;
        }

        if (Survivor.FindCodex(turn.TurnId) is { } marked)
        {
            return marked;
        }

        var startedInVain = noted is not null && record.ResumedThread is not null && threadWasLost;
        var wrote = StderrFile.Length(turn.Directory.StdoutFile) > record.OutputStart;
        return wrote ? noted ?? Nobody
            : startedInVain ? null
            : noted;
    }

    private RecoveredTurn Recover(BackendTurn turn, ExecRecord record, bool threadWasLost, ProcessIdentity codex)
    {
        ThreadId? thread = !threadWasLost && ThreadId.TryParse(record.ResumedThread, out var resumed) ? resumed : null;
        var process = CodexProcess.Attach(codex);
        var files = ExecTurn.Of(turn, record, thread);
        files.Mapper = new TurnMapper(turn.TurnId, turn.AgentId, thread, record.Baseline);
        if (codex.Pid != record.Pid && codex != Nobody)
        {
            files.Note(process);
        }
        else
        {
            files.Reattach(process);
        }

        return new RecoveredTurn(
            new ExecRun(services, files, process),
            record.Workspace,
            thread,
            record.Baseline,
            AgeOf(process, turn, record),
            process.Exited.IsCompleted,
            ToolTokenHash.TryParse(record.ToolTokenHash, out var hash) ? hash : null
        )
        {
            Backend = BackendKind.Exec,
        };
    }

    // While codex runs, its age comes from the kernel and is immune to clock changes; otherwise from its last output.
    private static TimeSpan AgeOf(CodexProcess process, BackendTurn turn, ExecRecord record)
    {
        var age = process.Identity.Age ?? File.GetLastWriteTimeUtc(turn.Directory.StdoutFile) - record.StartedAt.UtcDateTime;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
