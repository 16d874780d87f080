using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents.Checks;

/// <summary>A turn in another workspace than the one that its agent has on record, perhaps in that of another agent.</summary>
internal sealed class WorkspaceChange
{
    private readonly AgentWorkspace _record;
    private readonly string _workspace;

    private WorkspaceChange(AgentWorkspace record, string workspace, ImmutableArray<CanonicalEvent.Notice> notices) =>
        (_record, _workspace, Notices) = (record, workspace, notices);

    /// <summary>What the turn's readers are to know.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; }

    /// <summary>Looks whether a turn changes its agent's workspace. File work.</summary>
    /// <param name="rules">Where workspaces may lie, and what the settings say.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="workspace">The workspace as the request names it.</param>
    /// <param name="real">Where it leads.</param>
    /// <param name="refusal">Why the turn is refused; null if it is not.</param>
    /// <returns>Null if the workspace is the one on record, or the turn is refused.</returns>
    public static WorkspaceChange? Of(WorkspaceRules rules, AgentId agent, string workspace, string real, out TurnRefusal? refusal)
    {
        refusal = null;
        var directory = new AgentDirectory(rules.Profile, agent);
        var record = new AgentWorkspace(directory);
        var recorded = record.Recorded;
        if (recorded is not null && AgentWorkspace.AreSame(recorded, workspace))
        {
            return null;
        }

        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        if (recorded is not null)
        {
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.WorkspaceChanged,
                    $"Agent {agent} worked in {recorded} until now. From this turn on it works in {workspace}, in the same thread; "
                        + "turns that name no workspace work there too."
                )
            );
        }

        // Whoever goes into an agent's own directory is told, not the agent.
        var isOwn = AgentWorkspace.AreSame(workspace, directory.DefaultWorkspace);
        if (
            !isOwn
            && rules.Settings.Shared != SharedWorkspaces.Allow
            && FindNeighbour(rules.Profile, agent, real) is (var other, var place)
        )
        {
            if (rules.Settings.Shared == SharedWorkspaces.Refuse)
            {
                refusal = TurnRefusal.WorkspaceOfAnotherAgent(workspace, other, place);
                return null;
            }

            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.WorkspaceShared,
                    $"Agent {other} works in {place}{(place == real ? " too" : $", and this turn in {real}")}. The two may change the "
                        + "same files at the same time, and neither knows what the other does."
                )
            );
        }

        return new WorkspaceChange(record, workspace, notices.DrainToImmutable());
    }

    /// <summary>Puts the workspace on record. File work.</summary>
    /// <exception cref="IOException">It cannot be recorded.</exception>
    public void Keep() => _record.Keep(_workspace);

    private static (AgentId Agent, string Place)? FindNeighbour(string profile, AgentId agent, string real)
    {
        var agents = Path.Combine(profile, "agents");
        if (!Directory.Exists(agents))
        {
            return null;
        }

        foreach (var name in Directory.EnumerateDirectories(agents).Select(path => Path.GetFileName(path)))
        {
            if (AgentId.TryParse(name, out var other) && other != agent)
            {
                var current = new AgentWorkspace(new AgentDirectory(profile, other)).Current;
                var place = RealPath.Of(current) ?? current;
                if (RealPath.IsWithin(place, real) || RealPath.IsWithin(real, place))
                {
                    return (other, place);
                }
            }
        }

        return null;
    }
}
