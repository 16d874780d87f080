using Plexum.Codex.Agents;
using Plexum.Codex.Processes;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Recovery;

/// <summary>
/// Finds out what became of a turn that another process had, from the turn's directory and the processes of the machine. Runs
/// outside the actor.
/// </summary>
internal sealed class TurnTakeUp(AgentEnvironment environment, AgentDirectory agent)
{
    // Codex has ended and nobody noted its number: no process is meant.
    private static readonly ProcessIdentity Nobody = new(int.MaxValue, 0, "");

    /// <summary>Looks at a turn.</summary>
    /// <exception cref="IOException">Its files cannot be read or written.</exception>
    /// <exception cref="CodexException">The kernel cannot watch a process of another's.</exception>
    public FoundTurn Find(TurnId turn)
    {
        var directory = TurnDirectory.Of(agent, turn);
        if (TurnRecord.Load(directory) is not { } record)
        {
            return FoundTurn.NeverStarted.Instance;
        }

        var logged = TurnLogReader.Look(directory.EventsFile);
        if (logged.End is not null)
        {
            return new FoundTurn.Ended(logged.ToOutcome(File.GetLastWriteTimeUtc(directory.EventsFile)));
        }

        return FindCodex(turn, directory, record, logged) is { } codex
            ? TakeUp(turn, directory, record, logged, codex)
            : FoundTurn.NeverStarted.Instance;
    }

    /// <summary>
    /// Null when codex was never started, or only once in vain: in a thread that it did not know, after which it was to be
    /// started again. Between the start of a process and the note of its number the program may die; the process is then known
    /// by the turn's variable in its environment, or, when it has ended, by what it wrote.
    /// </summary>
    private static ProcessIdentity? FindCodex(TurnId turn, TurnDirectory directory, TurnRecord record, LoggedTurn logged)
    {
        var noted = record.Pid > 0 ? new ProcessIdentity(record.Pid, record.PidStartedAt, record.BootId ?? "") : null;
        if (noted is { IsRunning: true })
        {
            return noted;
        }

        if (Survivor.FindCodex(turn) is { } marked)
        {
            return marked;
        }

        var startedInVain = noted is not null && record.ResumedThread is not null && logged.HasNotice(NoticeCodes.ThreadLost);
        var wrote = new FileInfo(directory.StdoutFile) is { Exists: true, Length: > 0 };
        return wrote ? noted ?? Nobody : startedInVain ? null : noted;
    }

    private FoundTurn.Started TakeUp(
        TurnId turn, TurnDirectory directory, TurnRecord record, LoggedTurn logged, ProcessIdentity codex)
    {
        ThreadId? resume = !logged.HasNotice(NoticeCodes.ThreadLost) && ThreadId.TryParse(record.ResumedThread, out var thread) ? thread : null;
        var process = CodexProcess.Attach(codex);
        var age = AgeOf(process, directory, record);
        var session = new SessionFile(record.Workspace, environment.Time);
        var usage = new ThreadUsageFile(agent.ThreadUsageFile);
        var prepared = new PreparedTurn(
            directory, record, session, usage, environment.Time.GetTimestamp() - (long)(age.TotalSeconds * environment.Time.TimestampFrequency))
        {
            Recorder = new TurnRecorder(TurnLog.Open(directory.EventsFile), session, logged),
            Lock = AgentLock.TryAcquire(agent.LockFile, out _),
            Resume = resume,
            Mapper = new TurnMapper(turn, agent.AgentId, resume, record.Baseline),
            Images = directory.FindImages(),
        };
        prepared.Recorder.Append(prepared.Mapper.Start());
        if (codex.Pid != record.Pid && codex != Nobody)
        {
            prepared.Note(process);
        }
        else
        {
            prepared.Adopt(process);
        }

        return new FoundTurn.Started(prepared, process, age);
    }

    // By the kernel's count where codex runs, which no change of the clock touches; else by the last that it wrote.
    private static TimeSpan AgeOf(CodexProcess process, TurnDirectory directory, TurnRecord record)
    {
        var age = process.Identity.Age
            ?? File.GetLastWriteTimeUtc(directory.StdoutFile) - record.StartedAt.UtcDateTime;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
