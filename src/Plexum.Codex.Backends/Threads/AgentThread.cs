using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// The thread of an agent: the register decides which it is, and the session file of the workspace is written after it. The file is
/// believed only when it agrees, or once, while the register has no record of the agent and no other agent owns the thread: so the threads
/// of the Go plugin and of earlier versions continue, and no command of a turn can make its agent continue another's thread.
/// </summary>
/// <param name="register">The register.</param>
/// <param name="agent">The agent.</param>
/// <param name="session">The session file of its workspace.</param>
public sealed class AgentThread(IThreadRegister register, AgentId agent, SessionFile session)
{
    /// <summary>Whether the next turn seems to continue a thread. It is certain only under the agent's lock.</summary>
    /// <exception cref="ThreadRecordException">The register cannot be used.</exception>
    public bool SeemsToContinue =>
        register.Find(agent) switch
        {
            RecordedThread.Current => true,
            RecordedThread.GivenUp => false,
            _ => File.Exists(session.FilePath),
        };

    /// <summary>Decides which thread a turn works in, and corrects the session file. Call it under the agent's lock.</summary>
    /// <param name="anew">Whether the turn is to begin a new thread.</param>
    /// <exception cref="ThreadRecordException">The register cannot be used; the message says what to do.</exception>
    public ThreadChoice Choose(bool anew) =>
        register.Find(agent) switch
        {
            RecordedThread.Current { Thread: var own } when !anew => Continue(own),
            var recorded => Begin(recorded is RecordedThread.Unrecorded, anew),
        };

    /// <summary>The thread that the agent would continue now. Writes nothing.</summary>
    /// <param name="problem">Why the session file is not believed, as the end of a sentence; null if it is, or if there is none.</param>
    /// <returns>The thread, or null.</returns>
    /// <exception cref="ThreadRecordException">The register cannot be used.</exception>
    public ThreadId? Peek(out string? problem)
    {
        var recorded = register.Find(agent);
        var own = (recorded as RecordedThread.Current)?.Thread;
        if (session.Peek(out problem) is not { } named || named == own)
        {
            return own;
        }

        if (recorded is RecordedThread.Unrecorded && (register.OwnerOf(named) ?? agent) == agent)
        {
            return named;
        }

        problem = $"it names {Describe(named)}";
        return own;
    }

    /// <summary>Makes a thread the agent's. Durable.</summary>
    /// <exception cref="ThreadOwnedException">It belongs to another agent.</exception>
    /// <exception cref="ThreadRecordException">The register cannot be used.</exception>
    public void Claim(ThreadId thread)
    {
        var owner = register.Claim(agent, thread);
        if (owner != agent)
        {
            throw new ThreadOwnedException(thread, owner, agent);
        }
    }

    /// <summary>Writes the agent's thread into the session file.</summary>
    /// <exception cref="CodexException">It could not be written.</exception>
    public void Save(ThreadId thread) => session.Save(thread);

    /// <summary>Gives up the agent's thread, which is gone. A session file that names it, or nothing, is moved aside.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>That the session file could not be moved; null if nothing is to be told.</returns>
    /// <exception cref="ThreadRecordException">The register cannot be written.</exception>
    public CanonicalEvent.Notice? GiveUp(ThreadId thread)
    {
        register.GiveUp(agent);
        var named = session.Peek(out var problem);
        if (named != thread && problem is null)
        {
            return null;
        }

        try
        {
            session.SetAside(problem ?? "codex does not know its thread");
            return null;
        }
        catch (CodexException e)
        {
            return NotSaved(e);
        }
    }

    // A session file that cannot be corrected keeps nobody from continuing: it does not decide.
    private ThreadChoice Continue(ThreadId own)
    {
        var named = session.Peek(out var problem);
        if (named == own)
        {
            return new ThreadChoice(own, []);
        }

        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        try
        {
            notices.Add(
                problem is not null ? session.SetAside(problem).ToNotice(own)
                : named is { } other ? NotBelieved($"named {Describe(other)}. The turn continues the agent's own thread {own}.")
                : NotBelieved(
                    $"was missing. The turn continues the agent's thread {own}; "
                        + "say --new-thread, or new_thread in a request, begins a new one."
                )
            );
            session.Save(own);
        }
        catch (CodexException e)
        {
            notices.Add(NotSaved(e));
        }

        return new ThreadChoice(own, notices.ToImmutable());
    }

    // The file stays as it is until codex has named the new thread.
    private ThreadChoice Begin(bool believes, bool anew)
    {
        SessionState state;
        try
        {
            state = session.Load();
        }
        catch (CodexException e)
        {
            return new ThreadChoice(null, [NotSaved(e)]);
        }

        return state switch
        {
            SessionState.Resumable { ThreadId: var named } => Judge(named, believes, anew),
            SessionState.SetAside aside => new ThreadChoice(null, [aside.ToNotice(null)]),
            _ => ThreadChoice.New,
        };
    }

    private ThreadChoice Judge(ThreadId named, bool believes, bool anew)
    {
        var owner = believes ? register.Claim(agent, named) : register.OwnerOf(named);
        if (owner != agent)
        {
            return new ThreadChoice(null, [NotBelieved($"named {Describe(named)}. The turn begins a thread of the agent's own.")]);
        }

        return believes && !anew ? new ThreadChoice(named, []) : ThreadChoice.New;
    }

    private string Describe(ThreadId thread) =>
        register.OwnerOf(thread) is not { } owner ? $"thread {thread}, which is not the agent's"
        : owner == agent ? $"thread {thread}, which the agent does not continue any more"
        : $"thread {thread}, which belongs to agent {owner}";

    private static CanonicalEvent.Notice NotSaved(CodexException e) => new(NoticeCodes.SessionNotSaved, e.Message);

    private static CanonicalEvent.Notice NotBelieved(string what) =>
        new(NoticeCodes.SessionNotBelieved, $"The session file of the workspace {what}");
}
