using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;

namespace Plexum.Codex.Turns.Places;

/// <summary>
/// The start of a turn in another workspace than that of the agent's last turn, perhaps where another agent works. What is to be told of it
/// is found out when the turn starts, since a turn that waits may be started by a later process of this program.
/// </summary>
internal sealed class WorkspaceMove
{
    private readonly AgentWorkspace _record;
    private readonly string _workspace;

    private WorkspaceMove(AgentWorkspace record, string workspace, ImmutableArray<CanonicalEvent.Notice> notices) =>
        (_record, _workspace, Notices) = (record, workspace, notices);

    /// <summary>What the turn's readers are to know.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; }

    /// <summary>Looks whether a turn moves its agent. File work.</summary>
    /// <param name="rules">Where workspaces may lie, and what the settings say.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="workspace">The workspace as the request names it.</param>
    /// <param name="real">Where it leads.</param>
    /// <param name="reader">For whom the notices are; they name no place that this one may not name.</param>
    /// <returns>Null if the agent's last turn worked there too.</returns>
    /// <exception cref="IOException">The records cannot be read.</exception>
    public static WorkspaceMove? Look(WorkspaceRules rules, AgentId agent, string workspace, string real, Submitter reader)
    {
        var directory = new AgentDirectory(rules.Profile, agent);
        var record = new AgentWorkspace(directory);
        var before = record.Entered;
        if (before is not null && AgentWorkspace.AreSame(before, workspace))
        {
            return null;
        }

        var notices = ImmutableArray.CreateBuilder<CanonicalEvent.Notice>();
        if (before is not null)
        {
            var from = rules.MayKnow(before, agent, reader) ? $"in {before}" : "elsewhere";
            var isOnRecord = record.Recorded is { } now && AgentWorkspace.AreSame(now, workspace);
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.WorkspaceChanged,
                    $"Agent {agent} worked {from} until now. From this turn on it works in {workspace}, in the same thread"
                        + (isOnRecord ? "; turns that name no workspace work there too." : ".")
                )
            );
        }

        // Whoever goes into an agent's own directory is told, not the agent.
        var isOwn = AgentWorkspace.AreSame(workspace, directory.DefaultWorkspace);
        if (
            !isOwn
            && rules.Settings.Shared != SharedWorkspaces.Allow
            && WorkspaceNeighbour.Find(rules.Profile, agent, real) is (var other, var place)
        )
        {
            var known = rules.MayKnow(place, agent, reader) ? place : "the same place, above it or below it";
            notices.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.WorkspaceShared,
                    $"Agent {other} works in {known}{(place == real ? " too" : $", and this turn in {real}")}. The two may change the "
                        + "same files at the same time, and neither knows what the other does."
                )
            );
        }

        return new WorkspaceMove(record, workspace, notices.DrainToImmutable());
    }

    /// <summary>Remembers the workspace, once the notices are written. File work.</summary>
    /// <exception cref="IOException">It cannot be remembered.</exception>
    public void Remember() => _record.KeepEntered(_workspace);
}
