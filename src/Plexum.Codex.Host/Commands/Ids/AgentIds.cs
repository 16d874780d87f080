using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>
/// Finds the agent that a command is given: by its id, by the beginning of its id, or as the one with the last turn. Only for commands
/// that look at agents that there are: a turn may name a new one.
/// </summary>
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
