using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Threads;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class SessionSpecs : AgentTestKit
{
    private const string SomeThread = "019a0000-0000-7000-8000-00000000abcd";

    [Fact]
    public void A_turn_continues_in_the_thread_of_the_one_before()
    {
        var first = Run("first");
        var second = Run("second");

        Assert.Null(Stage.Calls[0].Resumed);
        Assert.False(first.Start.Resumed);
        Assert.Equal(
            [
                "exec",
                "resume",
                first.End.ThreadId!.Value.ToString(),
                "--skip-git-repo-check",
                "--dangerously-bypass-approvals-and-sandbox",
                "--json",
            ],
            Stage.Calls[1].Argv.Take(6)
        );
        Assert.True(second.Start.Resumed);
        Assert.Equal(first.End.ThreadId, second.End.ThreadId);
    }

    [Theory]
    [EachBackend]
    public void The_thread_is_in_the_session_file_for_the_owner_only_as_soon_as_codex_names_it(BackendKind backend)
    {
        Kind = backend;
        Stage.Script($"thread {SomeThread}", "touch " + Stage.File("named"), "wait " + Stage.File("go"), "turn", "completed 1 1");
        var turn = Submit("hi");
        AwaitFile("named");

        Eventually(() => Assert.Equal(SomeThread, File.ReadAllText(SessionPath)));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SessionPath));
        Assert.Equal(AgentPhase.Running, Snapshot().Phase);
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_failed_after_naming_its_thread_is_resumed(BackendKind backend)
    {
        Kind = backend;
        var after = backend == BackendKind.Exec ? "exit 1" : "";
        Stage.Script($"thread {SomeThread}", "turn", "[fresh]", "failed no luck", after, "[else]", "completed 1 1");

        var failed = Run("first", StopReason.Error);
        Run("second");

        Assert.Equal(SomeThread, failed.End.ThreadId.ToString());
        Assert.Equal(SomeThread, Stage.Calls[1].Resumed);
    }

    [Theory]
    [EachBackend]
    public void The_session_file_of_the_Go_plugin_is_resumed(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, $"  {SomeThread}\n");

        Run("hi");

        Assert.Equal(SomeThread, Stage.Calls[0].Resumed);
    }

    [Theory]
    [EachBackend]
    public void A_session_file_that_names_another_agent_s_thread_is_told_of_and_written_again(BackendKind backend)
    {
        Kind = backend;
        var victim = Submit("mine", Bob).Ended(StopReason.EndTurn).End.ThreadId!.Value;
        var own = Run("first").End.ThreadId!.Value;
        File.WriteAllText(SessionPath, victim.ToString());

        var story = Run("second");

        Assert.Equal(own.ToString(), Stage.Calls[^1].Resumed);
        Assert.Contains("belongs to agent bob", story.Notice(NoticeCodes.SessionNotBelieved).Message, StringComparison.Ordinal);
        Assert.Equal(own.ToString(), File.ReadAllText(SessionPath));
        Assert.Equal(victim, Submit("still mine", Bob).Ended(StopReason.EndTurn).End.ThreadId);
    }

    [Theory]
    [EachBackend]
    public void A_new_agent_whose_session_file_names_another_agent_s_thread_begins_its_own(BackendKind backend)
    {
        Kind = backend;
        var victim = Submit("mine", Bob).Ended(StopReason.EndTurn).End.ThreadId!.Value;
        File.WriteAllText(SessionPath, victim.ToString());

        var story = Run("hi");

        Assert.Null(Stage.Calls[^1].Resumed);
        Assert.Equal([NoticeCodes.SessionNotBelieved], story.Notices);
        Assert.False(story.Start.Resumed);
        Assert.NotEqual(victim, story.End.ThreadId);
        Assert.Equal(story.End.ThreadId.ToString(), File.ReadAllText(SessionPath));
    }

    [Theory]
    [EachBackend]
    public void A_session_file_that_is_gone_does_not_end_the_thread(BackendKind backend)
    {
        Kind = backend;
        var own = Run("first").End.ThreadId;
        File.Delete(SessionPath);

        var story = Run("second");

        Assert.Equal(own, story.End.ThreadId);
        Assert.True(story.Start.Resumed);
        Assert.Equal([NoticeCodes.SessionNotBelieved], story.Notices);
        Assert.Equal(own.ToString(), File.ReadAllText(SessionPath));
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_is_to_begin_a_new_thread_does_and_the_next_continues_in_it(BackendKind backend)
    {
        Kind = backend;
        var before = Run("first").End.ThreadId;
        var request = new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("anew")]) { NewThread = true };

        var story = Submit(request).Ended(StopReason.EndTurn);

        Assert.Null(Stage.Calls[^1].Resumed);
        Assert.False(story.Start.Resumed);
        Assert.Empty(story.Notices);
        Assert.NotEqual(before, story.End.ThreadId);
        Assert.Equal(story.End.ThreadId.ToString(), File.ReadAllText(SessionPath));
        Assert.Equal(story.End.ThreadId, Run("next").End.ThreadId);
    }

    [Fact]
    public void A_new_thread_that_codex_did_not_begin_leaves_the_agent_its_own()
    {
        var own = Run("first").End.ThreadId;
        Stage.Script("exit 1");
        Submit(new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("anew")]) { NewThread = true }).Ended(StopReason.Error);
        Stage.Script("thread", "turn", "completed 1 1");

        Assert.Equal(own, Run("next").End.ThreadId);
    }

    [Theory]
    [EachBackend]
    public void Two_agents_in_one_workspace_each_keep_their_own_thread(BackendKind backend)
    {
        Kind = backend;
        TurnStory Say(AgentId agent) =>
            Submit(new TurnRequest(agent, Stage.Workspace, null, [TurnMessage.User("hi")])).Ended(StopReason.EndTurn);
        var (alice, bob) = (Say(Alice).End.ThreadId, Say(Bob).End.ThreadId);

        Assert.NotEqual(alice, bob);
        Assert.Equal((alice, bob), (Say(Alice).End.ThreadId, Say(Bob).End.ThreadId));
        Assert.Equal(bob.ToString(), File.ReadAllText(SessionPath));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("completed 1 1")]
    public void A_turn_for_which_codex_continues_another_agent_s_thread_fails_with_a_sentence(string then)
    {
        Stage.Script($"thread {SomeThread}", "turn", "[prompt mine]", "completed 1 1", "[else]", then);
        Submit("mine", Bob).Ended(StopReason.EndTurn);

        var story = Run("hi", StopReason.Error);

        Assert.Equal(("thread_not_owned", TurnErrorClass.Session), (story.Error.Code, story.Error.Class));
        Assert.Contains("belongs to agent bob", story.Error.Message, StringComparison.Ordinal);
        Assert.Null(story.End.ThreadId);
        Assert.False(File.Exists(SessionPath));
        Assert.Same(RecordedThread.Unrecorded.Instance, Threads.Find(Alice));
    }

    [Theory]
    [EachBackend]
    public void A_record_of_the_thread_that_is_damaged_fails_the_turn_with_its_path(BackendKind backend)
    {
        Kind = backend;
        Run("first");
        File.WriteAllText(DirectoryOf(Alice).ThreadFile, "x");

        var error = Run("second", StopReason.Error).Error;

        Assert.Equal(("thread_not_recorded", TurnErrorClass.Session, false), (error.Code, error.Class, error.Retryable));
        Assert.Contains(DirectoryOf(Alice).ThreadFile, error.Message, StringComparison.Ordinal);
        Assert.Single(Stage.Calls);
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_cannot_be_recorded_fails_the_turn_and_says_so(BackendKind backend)
    {
        Kind = backend;
        Directory.CreateDirectory(ProfileRoot);
        File.WriteAllText(Path.Combine(ProfileRoot, "threads"), "in the way");

        var error = Run("hi", StopReason.Error).Error;

        Assert.Equal(("thread_not_recorded", TurnErrorClass.Session, false), (error.Code, error.Class, error.Retryable));
        Assert.Contains(Path.Combine(ProfileRoot, "threads"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend("text")]
    [EachBackend("empty")]
    [EachBackend("directory")]
    [EachBackend("link")]
    public void A_damaged_session_file_is_moved_aside_and_a_new_thread_begun(BackendKind backend, string damage)
    {
        Kind = backend;
        switch (damage)
        {
            case "directory":
                Directory.CreateDirectory(SessionPath);
                break;
            case "link":
                File.WriteAllText(Stage.File("elsewhere"), SomeThread);
                File.CreateSymbolicLink(SessionPath, Stage.File("elsewhere"));
                break;
            default:
                File.WriteAllText(SessionPath, damage == "text" ? "--last" : "");
                break;
        }

        var story = Run("hi");

        Assert.Contains(NoticeCodes.SessionSetAside, story.Notices);
        Assert.Null(Stage.Calls[0].Resumed);
        Assert.False(story.Start.Resumed);
        Assert.Equal(story.End.ThreadId.ToString(), File.ReadAllText(SessionPath));
        Assert.Null(new FileInfo(SessionPath).LinkTarget);
        Assert.Single(Directory.GetFileSystemEntries(Stage.Workspace), path =>
            path.StartsWith(SessionPath + ".bad-", StringComparison.Ordinal)
        );
        if (damage == "link")
        {
            Assert.Equal(SomeThread, File.ReadAllText(Stage.File("elsewhere")));
        }
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_codex_does_not_know_is_replaced_once_with_a_notice_that_the_context_is_lost(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, SomeThread);
        DeletedRollout.Leave(DirectoryOf(Alice), Stage.CodexHome, SomeThread);
        Stage.Script("[resume]", "unknown-thread", "[fresh]", "thread", "turn", "say new", "completed 7 3");

        var story = Run("hi");

        Assert.Equal(2, Stage.Calls.Count);
        Assert.Equal(SomeThread, Stage.Calls[0].Resumed);
        Assert.Null(Stage.Calls[1].Resumed);
        Assert.Equal("hi", Stage.Calls[^1].Prompt);
        Assert.Equal([NoticeCodes.ThreadLost], story.Notices);
        Assert.Contains(SomeThread, story.Notice(NoticeCodes.ThreadLost).Message, StringComparison.Ordinal);
        Assert.Equal(["new"], story.Texts);
        Assert.Equal(new Usage(7, 3, 0, 0), story.End.Usage);
        Assert.NotEqual(SomeThread, story.End.ThreadId.ToString());
        Assert.Equal(story.End.ThreadId.ToString(), File.ReadAllText(SessionPath));
        Assert.Single(Directory.GetFiles(Stage.Workspace, ".plexum-codex-session.bad-*"));
    }

    [Fact]
    public void A_turn_that_is_replaced_and_then_fails_fails_and_is_not_tried_again()
    {
        File.WriteAllText(SessionPath, SomeThread);
        DeletedRollout.Leave(DirectoryOf(Alice), Stage.CodexHome, SomeThread);
        Stage.Script("unknown-thread");

        var story = Run("hi", StopReason.Error);

        Assert.Equal(2, Stage.Calls.Count);
        Assert.Equal([NoticeCodes.ThreadLost], story.Notices);
        Assert.Equal(TurnErrorClass.Session, story.Error.Class);
    }

    [Theory]
    [EachBackend]
    public void The_usage_of_a_turn_is_its_own_and_not_the_threads(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(
            "thread",
            "turn",
            "[call 1]",
            "completed 100 10 5 2",
            "[call 2]",
            "completed 250 30 5 4",
            "[call 3]",
            "completed 251 31 6 4"
        );

        var first = Run("1").End;
        var second = Run("2").End;
        Eventually(() =>
        {
            Clock.Advance(Settings.IdleTimeout);
            Assert.Empty(ActiveAgents());
        });
        var third = Run("3").End;

        Assert.Equal(new Usage(100, 10, 5, 2), first.Usage);
        Assert.Equal(new Usage(150, 20, 0, 2), second.Usage);
        Assert.Equal(new Usage(250, 30, 5, 4), second.ThreadUsage);
        Assert.Equal(new Usage(1, 1, 1, 0), third.Usage);
    }
}
