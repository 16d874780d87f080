using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.TestSupport.Rollouts;

/// <summary>A thread that an agent continued in its last turn, among others, and whose rollout was deleted since.</summary>
internal static class DeletedRollout
{
    /// <summary>Leaves what such a thread leaves.</summary>
    /// <param name="agent">The agent whose thread it is.</param>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="thread">The thread.</param>
    public static void Leave(AgentDirectory agent, string codexHome, string thread)
    {
        var (id, standing) = (ThreadId.Parse(thread), new ThreadStandingFile(agent.ThreadStandingFile));
        CodexSessions.PutNeighbour(codexHome, thread);
        var rollout = CodexSessions.Put(CodexSessions.DayOf(codexHome, thread), thread);
        Directory.CreateDirectory(agent.Root);
        standing.Save(new ThreadStanding(id) { Seen = new ThreadLocator(codexHome, TimeProvider.System).See(id) });
        File.Delete(rollout);
    }
}
