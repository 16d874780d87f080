using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class WorkspaceGoneSpecs : AgentTestKit
{
    [Theory]
    [EachBackend]
    public void A_workspace_that_is_deleted_between_two_turns_is_made_anew_and_the_next_turn_alone_says_so(BackendKind backend)
    {
        Kind = backend;
        var first = Run("one");
        Directory.Delete(Stage.Workspace, recursive: true);

        var second = Run("two");

        Assert.Equal([NoticeCodes.WorkspaceMadeAnew], second.Notices);
        var notice = second.Notice(NoticeCodes.WorkspaceMadeAnew).Message;
        Assert.Contains(Stage.Workspace, notice, StringComparison.Ordinal);
        Assert.Contains(first.End.ThreadId.ToString()!, notice, StringComparison.Ordinal);
        Assert.Equal(first.End.ThreadId, second.End.ThreadId);
        Assert.True(File.Exists(SessionPath));
        Assert.Empty(Run("three").Notices);
    }

    [Theory]
    [EachBackend]
    public void A_workspace_that_never_was_is_made_without_a_word(BackendKind backend)
    {
        Kind = backend;
        Assert.Empty(Submit(RequestIn(Stage.File("new/one"))).Ended(StopReason.EndTurn).Notices);

        var elsewhere = Submit(RequestIn(Stage.File("new/other"))).Ended(StopReason.EndTurn).Notices;

        Assert.DoesNotContain(NoticeCodes.WorkspaceMadeAnew, elsewhere);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_says_it_if_its_workspace_is_deleted_meanwhile(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var first = Submit("first");
        AwaitFile("ready");
        var place = Stage.File("place");
        var (second, third) = (Submit(RequestIn(place)), Submit(RequestIn(place)));
        third.Accepted();

        Directory.Delete(place);
        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        var gone = second.Ended(StopReason.EndTurn).Notice(NoticeCodes.WorkspaceMadeAnew).Message;
        Assert.DoesNotContain("worked", gone, StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeCodes.WorkspaceMadeAnew, third.Ended(StopReason.EndTurn).Notices);
    }

    [Theory]
    [EachBackend]
    public void Turns_whose_workspace_is_deleted_while_no_program_runs_go_on_and_the_first_that_starts_says_it(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var place = Stage.File("place");
        var turns = new[] { Submit(RequestIn(place)), Submit(RequestIn(place)), Submit(RequestIn(place)) };
        turns[2].Accepted();
        AwaitFile("ready");
        LeaveAgents();
        Directory.Delete(place, recursive: true);

        Recover(turns);
        Stage.Touch("go");

        var stories = turns.Select(turn => turn.Ended(StopReason.EndTurn)).ToArray();
        Assert.Equal([false, true, false], stories.Select(story => story.Notices.Contains(NoticeCodes.WorkspaceMadeAnew)));
        Assert.All(stories, story => Assert.DoesNotContain(NoticeCodes.SessionNotBelieved, story.Notices));
        Assert.Equal(stories[0].End.ThreadId, stories[2].End.ThreadId);
    }

    [Theory]
    [EachBackend]
    public void A_turn_whose_workspace_is_deleted_while_codex_works_goes_on_and_the_next_one_says_it(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say ${prompt}", "completed 1 1");
        var first = Submit("first");
        AwaitFile("ready");
        Eventually(() => Assert.True(File.Exists(SessionPath)));

        Directory.Delete(Stage.Workspace, recursive: true);
        Stage.Touch("go");

        Assert.Equal(["first"], first.Ended(StopReason.EndTurn).Texts);
        Assert.Equal([NoticeCodes.WorkspaceMadeAnew], Run("next").Notices);
    }

    [Theory]
    [EachBackend]
    public void A_workspace_that_is_gone_refuses_the_turn_if_the_settings_say_so_until_somebody_makes_it(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { Workspaces = new WorkspaceSettings { Missing = MissingWorkspace.Refuse } };
        Run("one");
        Directory.Delete(Stage.Workspace, recursive: true);

        var refusal = Submit("two").Rejected();

        Assert.Equal((TurnRefusalReason.WorkspaceGone, "workspace_gone"), (refusal.Reason, refusal.Code));
        Assert.Contains(Stage.Workspace, refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Stage.Workspace));
        Directory.CreateDirectory(Stage.Workspace);
        Assert.DoesNotContain(NoticeCodes.SessionNotSaved, Run("three").Notices);
    }

    [Theory]
    [EachBackend]
    public void A_workspace_whose_disk_is_not_mounted_refuses_the_turn_if_the_settings_say_so(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { Workspaces = new WorkspaceSettings { Missing = MissingWorkspace.Refuse } };
        Run("one");
        var mark = Assert.Single(Directory.GetFiles(new AgentDirectory(ProfileRoot, Alice).WorkspaceMarks));
        File.WriteAllText(mark, File.ReadAllText(mark).TrimEnd() + " mounted\n");

        var refusal = Submit("two").Rejected();

        Assert.Equal(TurnRefusalReason.WorkspaceGone, refusal.Reason);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_while_no_program_runs_is_refused_if_the_settings_say_so(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { Workspaces = new WorkspaceSettings { Missing = MissingWorkspace.Refuse } };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var place = Stage.File("place");
        var (first, second) = (Submit("first"), Submit(RequestIn(place)));
        second.Accepted();
        AwaitFile("ready");
        LeaveAgents();
        Directory.Delete(place);

        Recover(first, second);
        Stage.Touch("go");

        var error = second.Ended(StopReason.Error).Error;
        Assert.Equal(("workspace_gone", TurnErrorClass.Workspace, true), (error.Code, error.Class, error.Retryable));
        Assert.False(Directory.Exists(place));
    }

    [Theory]
    [EachBackend]
    public void A_workspace_that_is_another_directory_with_files_in_it_is_told_apart_where_the_file_system_knows(BackendKind backend)
    {
        Kind = backend;
        Run("one");
        Directory.Move(Stage.Workspace, Stage.File("moved"));
        Directory.CreateDirectory(Stage.Workspace);
        File.WriteAllText(Path.Combine(Stage.Workspace, "file"), "");
        var knows = FileStatus.OfPath(Stage.Workspace)!.Value.BornAt is not null;

        var notices = Run("two").Notices;

        Assert.Equal(knows ? 1 : 0, notices.Count(code => code == NoticeCodes.WorkspaceReplaced));
        Assert.DoesNotContain(NoticeCodes.WorkspaceReplaced, Run("three").Notices);
    }

    [Theory]
    [EachBackend]
    public void A_workspace_that_was_restored_with_nothing_but_the_session_file_was_not_gone(BackendKind backend)
    {
        Kind = backend;
        Run("one");
        Directory.Move(Stage.Workspace, Stage.File("moved"));
        Directory.CreateDirectory(Stage.Workspace);
        File.Copy(Path.Combine(Stage.File("moved"), Path.GetFileName(SessionPath)), SessionPath);
        var knows = FileStatus.OfPath(Stage.Workspace)!.Value.BornAt is not null;

        Assert.Equal(knows ? [NoticeCodes.WorkspaceReplaced] : [], Run("two").Notices);
    }

    private TurnRequest RequestIn(string workspace) => new(Alice, workspace, null, [TurnMessage.User("hi")]);
}
