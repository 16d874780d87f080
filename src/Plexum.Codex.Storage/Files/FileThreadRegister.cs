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
    public RecordedThread Find(AgentId agent) => Use(() => FindRecord(agent));

    /// <inheritdoc/>
    public AgentId? OwnerOf(ThreadId thread) => Use(() => _owners.Find(thread));

    /// <inheritdoc/>
    public AgentId Claim(AgentId agent, ThreadId thread) =>
        Use(() =>
        {
            var owner = _owners.Claim(agent, thread);
            if (owner == agent)
            {
                Record(agent, thread);
            }

            return owner;
        });

    /// <inheritdoc/>
    public void GiveUp(AgentId agent) =>
        Use(() =>
        {
            Record(agent, null);
            return true;
        });

    private RecordedThread FindRecord(AgentId agent)
    {
        var path = new AgentDirectory(profile, agent).ThreadFile;
        var recorded = ThreadRecord.Read(path, out var problem)
            ?? throw new ThreadRecordException(
                $"The record of the thread of agent {agent}, {path}, cannot be used: {problem}. Write the thread's id into it, or remove "
                    + "it; the agent then continues the thread that its workspace's session file names, if no other agent owns that."
            );

        // A copy of an agent's directory under another name does not make its thread the other agent's.
        return recorded is RecordedThread.Current { Thread: var thread } && _owners.Find(thread) is { } owner && owner != agent
            ? RecordedThread.GivenUp.Instance
            : recorded;
    }

    // Every turn claims the thread that it runs in, and nearly always that is on record.
    private void Record(AgentId agent, ThreadId? thread)
    {
        var directory = new AgentDirectory(profile, agent);
        if (thread is { } current && ThreadRecord.Read(directory.ThreadFile, out _) == new RecordedThread.Current(current))
        {
            return;
        }

        OwnerOnly.CreateDirectory(directory.Root);
        AtomicFile.Write(directory.ThreadFile, ThreadRecord.Format(thread));
    }

    private T Use<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ThreadRecordException(
                $"The record of the agents' threads in {profile} cannot be used: {e.Message} "
                    + "Check the profile's free space and permissions.",
                e
            );
        }
    }
}
