using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Profiles;

/// <summary>Another agent that has a certain directory on record as its workspace, or one that contains it or lies in it.</summary>
/// <param name="Agent">The other agent.</param>
/// <param name="Place">Where its workspace leads, an absolute path.</param>
public sealed record WorkspaceNeighbour(AgentId Agent, string Place)
{
    /// <summary>Looks for the first one. Reads the records of all agents.</summary>
    /// <param name="profile">The root of the profile, an absolute path.</param>
    /// <param name="agent">The agent that is not meant.</param>
    /// <param name="real">The directory, with every link followed.</param>
    /// <exception cref="IOException">It is not known whether there is one; the message names what cannot be read.</exception>
    public static WorkspaceNeighbour? Find(string profile, AgentId agent, string real)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var agents = Path.Combine(profile, "agents");
        if (!Directory.Exists(agents))
        {
            return null;
        }

        try
        {
            return Directory
                .EnumerateDirectories(agents)
                .Select(path => AgentId.TryParse(Path.GetFileName(path), out var other) && other != agent ? Of(profile, other) : null)
                .FirstOrDefault(other =>
                    other is not null && (RealPath.IsWithin(other.Place, real) || RealPath.IsWithin(real, other.Place))
                );
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{agents} cannot be read: {e.Message}", e);
        }
    }

    private static WorkspaceNeighbour Of(string profile, AgentId agent)
    {
        var current = new AgentWorkspace(new AgentDirectory(profile, agent)).Current;
        if (RealPath.Of(current) is { } real)
        {
            return new WorkspaceNeighbour(agent, real);
        }

        // Where an existing directory leads is unknown for want of descriptors, for example.
        return Directory.Exists(current)
            ? throw new IOException($"{current}, where agent {agent} works, cannot be opened.")
            : new WorkspaceNeighbour(agent, current);
    }
}
