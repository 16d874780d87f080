using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>Finds the codex that an earlier process of this program started, from the turn's directory and the processes of the machine.</summary>
internal sealed class TurnRecovery(ExecServices services)
{
    // codex has ended, and its pid was never recorded; matches no process.
    private static readonly ProcessIdentity Nobody = new(int.MaxValue, 0, "");

    /// <summary>Looks for it.</summary>
    /// <returns>Null when codex was never started, or is to be started again.</returns>
    /// <exception cref="IOException">The turn's files cannot be read or written.</exception>
    /// <exception cref="CodexException">The kernel cannot watch another's process.</exception>
    public RecoveredTurn? Find(BackendTurn turn, bool threadWasLost) =>
        ExecRecord.Load(turn.Directory) is { } record && FindCodex(turn, record, threadWasLost) is { } codex
            ? Recover(turn, record, threadWasLost, codex)
            : null;

    /// <summary>
    /// Null when codex was never started, or only once in vain: in a thread that it did not know, after which it was to be
    /// started again. Between the start of a process and the note of its pid the program may die; the process is then known
    /// by the turn's variable in its environment, or, when it has ended, by what it wrote.
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
        var wrote = new FileInfo(turn.Directory.StdoutFile) is { Exists: true, Length: > 0 };
        return wrote ? noted ?? Nobody : startedInVain ? null : noted;
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
            new ExecRun(services, files, process), record.Workspace, thread, record.Baseline, AgeOf(process, turn, record),
            process.Exited.IsCompleted, record.ToolToken);
    }

    // By the kernel's count where codex runs, which no change of the clock touches; else by the last that it wrote.
    private static TimeSpan AgeOf(CodexProcess process, BackendTurn turn, ExecRecord record)
    {
        var age = process.Identity.Age
            ?? File.GetLastWriteTimeUtc(turn.Directory.StdoutFile) - record.StartedAt.UtcDateTime;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
