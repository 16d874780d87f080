using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Events;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class WorkspaceRecordSpecs : AgentTestKit
{
    [Fact]
    public void The_workspace_of_the_newest_turn_is_on_record_and_a_change_is_told_once()
    {
        Assert.Empty(RunIn(Alice, "one").Notices);
        Assert.Equal(Stage.File("one"), RecordOf(Alice));

        var changed = RunIn(Alice, "other");

        Assert.Equal([NoticeCodes.WorkspaceChanged], changed.Notices.Where(code => code != NoticeCodes.SessionNotBelieved));
        Assert.Contains(Stage.File("one"), changed.Notice(NoticeCodes.WorkspaceChanged).Message, StringComparison.Ordinal);
        Assert.Equal(Stage.File("other"), RecordOf(Alice));
        Assert.DoesNotContain(NoticeCodes.WorkspaceChanged, RunIn(Alice, "other").Notices);
    }

    [Theory]
    [InlineData("place", "place")]
    [InlineData("place", "place/below")]
    [InlineData("place/below", "place")]
    [InlineData("place", "link")]
    public void An_agent_that_comes_to_where_another_one_works_is_told_once(string alices, string bobs)
    {
        Directory.CreateDirectory(Stage.File("place"));
        Directory.CreateSymbolicLink(Stage.File("link"), Stage.File("place"));
        RunIn(Alice, alices);

        var told = RunIn(Bob, bobs);

        Assert.Contains("alice", told.Notice(NoticeCodes.WorkspaceShared).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeCodes.WorkspaceShared, RunIn(Bob, bobs).Notices);
    }

    [Fact]
    public void Agents_in_places_of_their_own_are_told_nothing()
    {
        RunIn(Alice, "place");

        Assert.DoesNotContain(NoticeCodes.WorkspaceShared, RunIn(Bob, "place2").Notices);
        RunIn(Alice, "elsewhere");
        Assert.DoesNotContain(NoticeCodes.WorkspaceShared, RunIn(Bob, "place").Notices);
    }

    [Fact]
    public void A_shared_workspace_is_refused_if_the_settings_say_so_and_nothing_is_recorded()
    {
        Settings = Settings with { Workspaces = new WorkspaceSettings { Shared = SharedWorkspaces.Refuse } };
        RunIn(Alice, "place");

        var refusal = Submit(In(Bob, "place")).Rejected();

        Assert.Equal((TurnRefusalReason.WorkspaceOfAnotherAgent, "workspace_of_another_agent"), (refusal.Reason, refusal.Code));
        Assert.Contains("alice", refusal.Message, StringComparison.Ordinal);
        Assert.Null(RecordOf(Bob));
        Assert.Empty(RunIn(Bob, "place2").Notices);
    }

    [Fact]
    public void A_shared_workspace_is_nobodys_business_if_the_settings_say_so()
    {
        Settings = Settings with { Workspaces = new WorkspaceSettings { Shared = SharedWorkspaces.Allow } };
        RunIn(Alice, "place");

        Assert.DoesNotContain(NoticeCodes.WorkspaceShared, RunIn(Bob, "place").Notices);
    }

    [Fact]
    public void Of_two_agents_that_come_to_one_place_at_once_neither_overlooks_the_other()
    {
        var rules = new WorkspaceRules(ProfileRoot, Stage.CodexHome, new WorkspaceSettings { Shared = SharedWorkspaces.Refuse });
        var place = Directory.CreateDirectory(Stage.File("place")).FullName;
        var real = RealPath.OfDirectory(place)!;

        // The turn of one is not in the ledger yet.
        var alices = WorkspaceChange.Begin(rules, In(Alice, "place"), real, Submitter.Owner, out var none);
        Assert.Null(none);
        Assert.Null(WorkspaceChange.Begin(rules, In(Bob, "place"), real, Submitter.Owner, out var refusal));
        Assert.Equal(TurnRefusalReason.WorkspaceOfAnotherAgent, refusal!.Reason);
        Assert.Null(RecordOf(Bob));

        // Nor does it come there after all.
        alices!.Undo();
        Assert.Null(RecordOf(Alice));
        Assert.NotNull(WorkspaceChange.Begin(rules, In(Bob, "place"), real, Submitter.Owner, out refusal));
        Assert.Null(refusal);
    }

    [Theory]
    [InlineData(SharedWorkspaces.Refuse, false)]
    [InlineData(SharedWorkspaces.Tell, true)]
    public void A_record_that_cannot_be_written_costs_no_other_turn_and_this_one_only_if_agents_are_kept_apart(
        SharedWorkspaces shared,
        bool isAccepted
    )
    {
        Settings = Settings with { Workspaces = new WorkspaceSettings { Shared = shared } };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit(In(Alice, "one"));
        AwaitFile("ready");
        var record = Path.Combine(DirectoryOf(Alice).Root, "workspace-on-record");
        File.Delete(record);
        Directory.CreateDirectory(record);

        var next = Submit(In(Alice, "other"));

        if (isAccepted)
        {
            next.Accepted();
        }
        else
        {
            var refusal = next.Rejected();
            Assert.Equal((TurnRefusalReason.WorkspaceUnknown, "workspace_unknown"), (refusal.Reason, refusal.Code));
            Assert.True(refusal.MayPass);
        }

        Stage.Touch("go");
        running.Ended(StopReason.EndTurn);
        if (isAccepted)
        {
            next.Ended(StopReason.EndTurn);
        }
    }

    [Fact]
    public void A_look_for_the_model_that_fails_costs_no_turn()
    {
        WhyNoModel = _ => throw new IOException("The test has the look fail.");

        Run("hi");
    }

    private TurnRequest In(AgentId agent, string place) => new(agent, Stage.File(place), null, [TurnMessage.User("hi")]);

    private TurnStory RunIn(AgentId agent, string place) => Submit(In(agent, place)).Ended(StopReason.EndTurn);

    private string? RecordOf(AgentId agent) => new AgentWorkspace(new AgentDirectory(ProfileRoot, agent)).Recorded;
}
