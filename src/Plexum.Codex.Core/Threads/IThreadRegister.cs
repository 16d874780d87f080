using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// Knows the thread that each agent continues, and the agent that each thread belongs to. It is this program's own record: what a
/// workspace says about a thread is held against it. A thread belongs to the first agent that claimed it, for ever. Thread-safe, also
/// among the processes of a profile; the entry of an agent is changed only under the agent's lock or by its running turn.
/// </summary>
public interface IThreadRegister
{
    /// <summary>The thread that an agent continues.</summary>
    /// <exception cref="ThreadRecordException">The record is damaged or cannot be read.</exception>
    RecordedThread Find(AgentId agent);

    /// <summary>The agent that a thread belongs to; null if none has claimed it.</summary>
    /// <exception cref="ThreadRecordException">The record is damaged or cannot be read.</exception>
    AgentId? OwnerOf(ThreadId thread);

    /// <summary>
    /// Makes a thread the one that an agent continues, unless it belongs to another agent. Durable once this returns. A crash in between
    /// may leave the thread the agent's without being the one that it continues.
    /// </summary>
    /// <returns>The thread's owner. If that is another agent, nothing was changed.</returns>
    /// <exception cref="ThreadRecordException">The record of the thread is damaged, or the claim cannot be written.</exception>
    AgentId Claim(AgentId agent, ThreadId thread);

    /// <summary>Records that an agent continues no thread: it is gone, or a new one was asked for. The thread stays the agent's.</summary>
    /// <exception cref="ThreadRecordException">That cannot be written.</exception>
    void GiveUp(AgentId agent);
}
