using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Files;

/// <summary>
/// Keeps the threads of agents in files of the profile: <c>agents/&lt;id&gt;/thread</c> names the thread that the agent continues, and
/// <c>threads/</c> has the owner of each thread. The owner is written first; a crash before the other file leaves a thread that nobody
/// else can claim.
/// </summary>
/// <param name="profile">The root of the profile, an absolute path.</param>
public sealed class FileThreadRegister(string profile) : IThreadRegister
{
    private readonly ThreadOwners _owners = new(profile);

    /// <inheritdoc/>
    public RecordedThread Find(AgentId agent)
    {
        var path = new AgentDirectory(profile, agent).ThreadFile;
        var recorded = ThreadRecord.Read(path, out var problem)
            ?? throw new CodexException(
                $"The record of the thread of agent {agent}, {path}, cannot be used: {problem}. Write the thread's id into it, or remove "
                    + "it; the agent then continues the thread that its workspace's session file names, if no other agent owns that."
            );

        // A copy of an agent's directory under another name does not make its thread the other agent's.
        return recorded is RecordedThread.Current { Thread: var thread } && _owners.Find(thread) is { } owner && owner != agent
            ? RecordedThread.GivenUp.Instance
            : recorded;
    }

    /// <inheritdoc/>
    public AgentId? OwnerOf(ThreadId thread) => _owners.Find(thread);

    /// <inheritdoc/>
    public AgentId Claim(AgentId agent, ThreadId thread)
    {
        var owner = _owners.Claim(agent, thread);
        if (owner == agent)
        {
            Record(agent, thread);
        }

        return owner;
    }

    /// <inheritdoc/>
    public void GiveUp(AgentId agent) => Record(agent, null);

    // Every turn claims the thread that it runs in, and nearly always that is on record.
    private void Record(AgentId agent, ThreadId? thread)
    {
        var directory = new AgentDirectory(profile, agent);
        if (thread is { } current && ThreadRecord.Read(directory.ThreadFile, out _) == new RecordedThread.Current(current))
        {
            return;
        }

        directory.Create();
        AtomicFile.Write(directory.ThreadFile, ThreadRecord.Format(thread));
    }
}
