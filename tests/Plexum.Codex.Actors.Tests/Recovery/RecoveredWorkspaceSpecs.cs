using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>A turn that was accepted for a workspace works there, whichever program starts it, and its readers are told the same.</summary>
public sealed class RecoveredWorkspaceSpecs : RecoveryTestKit
{
    [Fact]
    public void A_turn_that_changes_the_workspace_says_so_when_the_next_program_starts_it()
    {
        Run("first");
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit("second");
        AwaitFile("ready");
        var queued = Submit(new TurnRequest(Alice, Stage.File("other"), null, [TurnMessage.User("third")]));
        queued.Accepted();
        LeaveAgents();

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 1, 1, 0), Recover(running, queued));
        Stage.Touch("go");

        Ended(running);
        Assert.Contains(NoticeCodes.WorkspaceChanged, Ended(queued).Notices);
        Assert.Equal(Stage.File("other"), new AgentWorkspace(DirectoryOf(Alice)).Recorded);
    }

    [Fact]
    public void A_turn_that_was_accepted_is_not_refused_for_an_agent_that_works_there_too()
    {
        Settings = Settings with { Workspaces = new WorkspaceSettings { Shared = SharedWorkspaces.Refuse } };
        new AgentWorkspace(DirectoryOf(Bob)).Keep(Stage.Workspace);
        var turn = NewRun("hello");

        Assert.Equal(1, Recover(turn).Queued);

        var story = Ended(turn);
        Assert.Equal(["hello"], story.Texts);
        Assert.Contains(NoticeCodes.WorkspaceShared, story.Notices);
    }
}
