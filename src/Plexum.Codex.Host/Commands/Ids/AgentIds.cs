using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>Finds the agent that a command is given: by its id, by the beginning of its id, or as the one with the last turn.</summary>
internal static class AgentIds
{
    /// <summary>Parses an agent id.</summary>
    /// <exception cref="CodexException">It is not an agent id.</exception>
    public static AgentId Parse(string? text) =>
        AgentId.TryParse(text, out var agent)
            ? agent
            : throw new CodexException(
                $"The agent id \"{text}\" is invalid: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"."
            );

    /// <summary>Finds the agent of a turn, which may be a new one: only its id names it, or <c>last</c>.</summary>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="text">What the command was given.</param>
    /// <exception cref="CodexException">It is no agent id, or there is no last agent.</exception>
    public static AgentId FindOfTurn(string profile, string? text) =>
        Parse(text).Value == Prefixes.Last ? Find(profile, text) : Parse(text);

    /// <summary>Finds an agent that there is: in the profile, or in the ledger alone.</summary>
    /// <param name="daemon">The daemon, which knows all agents of the ledger.</param>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="text">What the command was given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CodexException">There is no such agent, it is no agent id, or it fits several agents.</exception>
    public static async Task<AgentId> FindKnownAsync(DaemonClient daemon, string profile, string? text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        var found = Find(profile, text);
        if (Directory.Exists(new AgentDirectory(profile, found).Root))
        {
            return found;
        }

        var listed = await daemon.AgentsAsync(cancellationToken).ConfigureAwait(false);
        string[] ids = [.. listed.Agents.Select(agent => agent.AgentId)];
        return Prefixes.Find("agent ids", found.Value, ids) is { } known ? Parse(known) : throw Unknown(profile, found, ids);
    }

    /// <summary>Says that there is no such agent, and which one was probably meant.</summary>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="agent">The id.</param>
    /// <param name="ids">Ids of agents that may have no directory in the profile.</param>
    public static UnknownAgentException Unknown(string profile, AgentId agent, IEnumerable<string>? ids = null)
    {
        var meant = Closest.To(agent.Value, Names(Path.Combine(profile, "agents")).Union(ids ?? [], StringComparer.Ordinal));
        return new UnknownAgentException(
            $"The agent {agent} has had no turn in the profile {profile}{(meant is null ? "." : $"; did you mean {meant}?")} "
                + "Check the id; \"plexum-codex agents\" lists all agents."
        );
    }

    /// <summary>Finds an agent by its directory in the profile.</summary>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="text">What the command was given.</param>
    /// <returns>The agent; the one that was given if none begins so.</returns>
    /// <exception cref="CodexException">It is no agent id, or fits several agents; the message lists them.</exception>
    public static AgentId Find(string profile, string? text)
    {
        var given = Parse(text);
        var agents = Names(Path.Combine(profile, "agents"));
        if (given.Value == Prefixes.Last && !agents.Contains(Prefixes.Last, StringComparer.Ordinal))
        {
            return Newest(profile, agents)
                ?? throw new CodexException($"No agent of the profile {profile} has had a turn, so there is no last one.");
        }

        return Prefixes.Find("agent ids", given.Value, agents) is { } found ? Parse(found) : given;
    }

    // The ids of turns sort by time.
    private static AgentId? Newest(string profile, string[] agents) =>
        agents
            .Select(name => AgentId.Parse(name))
            .Select(agent => (Agent: (AgentId?)agent, Turn: Names(new AgentDirectory(profile, agent).Turns).Max(StringComparer.Ordinal)))
            .Where(found => found.Turn is not null)
            .OrderBy(found => found.Turn, StringComparer.Ordinal)
            .LastOrDefault()
            .Agent;

    private static string[] Names(string directory) =>
        Directory.Exists(directory)
            ?
            [
                .. Directory
                    .EnumerateDirectories(directory)
                    .Select(path => Path.GetFileName(path))
                    .Where(name => AgentId.TryParse(name, out _)),
            ]
            : [];
}
