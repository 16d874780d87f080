using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>
/// The change of the workspace that an agent has on record, for a turn that is about to be accepted. The record is written before others'
/// are read, and put back if there is no turn after all. So of two agents that come to one place at once, neither overlooks the other.
/// </summary>
internal sealed class WorkspaceChange
{
    private readonly AgentWorkspace _record;
    private readonly string? _before;

    private WorkspaceChange(AgentWorkspace record, string? before) => (_record, _before) = (record, before);

    /// <summary>Puts a turn's workspace on record, unless the settings keep it from another agent's. File work.</summary>
    /// <param name="rules">Where workspaces may lie, and what the settings say.</param>
    /// <param name="request">The turn, whose workspace is usable.</param>
    /// <param name="real">Where that leads.</param>
    /// <param name="submitter">Who asks for the turn.</param>
    /// <param name="refusal">Why the turn is refused; null if it is not.</param>
    /// <returns>Null if the workspace was on record, or the turn is refused.</returns>
    /// <exception cref="IOException">The records cannot be read or written.</exception>
    public static WorkspaceChange? Begin(
        WorkspaceRules rules,
        TurnRequest request,
        string real,
        Submitter submitter,
        out TurnRefusal? refusal
    )
    {
        refusal = null;
        var (agent, workspace) = (request.AgentId, request.Workspace!);
        var directory = new AgentDirectory(rules.Profile, agent);
        var record = new AgentWorkspace(directory);
        var before = record.Recorded;
        if (before is not null && AgentWorkspace.AreSame(before, workspace))
        {
            return null;
        }

        record.Keep(workspace);
        var change = new WorkspaceChange(record, before);
        if (rules.Settings.Shared != SharedWorkspaces.Refuse || AgentWorkspace.AreSame(workspace, directory.DefaultWorkspace))
        {
            return change;
        }

        var isKept = false;
        try
        {
            if (WorkspaceNeighbour.Find(rules.Profile, agent, real) is (var other, var place))
            {
                var known = rules.MayKnow(place, agent, submitter) ? place : null;
                refusal = TurnRefusal.WorkspaceOfAnotherAgent(workspace, other, known);
                return null;
            }

            isKept = true;
            return change;
        }
        finally
        {
            if (!isKept)
            {
                change.Undo();
            }
        }
    }

    /// <summary>Puts the workspace of before on record. File work.</summary>
    /// <exception cref="IOException">It cannot be recorded.</exception>
    public void Undo() => _record.Restore(_before);
}
