using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Recovery;

/// <summary>What can still happen to a turn that was taken over from a program that is no more.</summary>
public sealed class RecoveredTurnSpecs : RecoveryTestKit
{
    [Fact]
    public void A_cancel_reaches_a_codex_that_was_recovered()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hello");
        AwaitFile("ready");
        LeaveAgents();
        Recover(turn);

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        Assert.Equal(StopReason.Cancelled, Ended(turn).End.StopReason);
    }

    [Fact]
    public void A_codex_whose_turn_cannot_continue_is_killed()
    {
        Stage.Script("[fresh]", "thread", "turn", "touch " + Stage.File("ready"), "hang", "[resume]", "turn", "completed 1 1");
        var turn = Submit("hello");
        AwaitFile("ready");
        Eventually(() => Assert.True(File.Exists(SessionPath)));
        var codex = LastCodex();
        LeaveAgents();
        var lockFile = DirectoryOf(Alice).LockFile;
        File.Delete(lockFile);
        Directory.CreateDirectory(lockFile);

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 0, 0, 1), Recover(turn));

        Assert.Equal(StopReason.Error, Ended(turn).End.StopReason);
        Assert.False(codex.IsRunning);
        Directory.Delete(lockFile);
        Run("the next");
    }

    [Fact]
    public void A_stop_that_had_begun_is_resumed()
    {
        Stage.Script("ignore INT", "thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hello");
        AwaitFile("ready");
        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));
        Eventually(() => Assert.Equal([ProcessSignal.Interrupt], Signals));
        LeaveAgents();

        Recover(turn);
        Eventually(() => Assert.Equal([ProcessSignal.Interrupt, ProcessSignal.Interrupt], Signals));
        Clock.Advance(ExecSettings.InterruptGrace);

        Assert.Equal(StopReason.Cancelled, Ended(turn).End.StopReason);
        Assert.Equal([ProcessSignal.Interrupt, ProcessSignal.Interrupt, ProcessSignal.Terminate], Signals);
    }

    [Fact]
    public void A_thread_that_codex_did_not_know_is_still_replaced()
    {
        Stage.Script(
            "[fresh]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1",
            "[else]",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "unknown-thread"
        );
        DeletedRollout.Leave(DirectoryOf(Alice), Stage.CodexHome, Run("first").End.ThreadId.ToString()!);
        var turn = Submit("second");
        AwaitFile("ready");
        var codex = LastCodex();
        LeaveAgents();
        Stage.Touch("go");
        AwaitGone(codex);

        Assert.Equal(1, Recover(turn).Started);

        var story = Ended(turn);
        Assert.Equal(["second"], story.Texts);
        Assert.Equal([NoticeCodes.ThreadLost], story.Notices);
        Assert.Equal(3, Stage.Calls.Count);
    }

    [Fact]
    public void A_codex_that_was_started_again_behind_a_wrapper_that_prints_is_listened_to_from_the_last_event_on()
    {
        Stage.Script(
            "[prompt first]",
            "thread",
            "turn",
            "completed 1 1",
            "[resume]",
            "error from a wrapper",
            "raw half a line of it",
            "unknown-thread",
            "[else]",
            "thread",
            "turn",
            "say one",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "say two",
            "completed 1 1"
        );
        DeletedRollout.Leave(DirectoryOf(Alice), Stage.CodexHome, Run("first").End.ThreadId.ToString()!);
        var turn = Submit("second");
        AwaitFile("ready");
        AwaitText(turn, "one");
        LeaveAgents();

        Assert.Equal(1, Recover(turn).Started);
        Stage.Touch("go");

        var story = Ended(turn);
        Assert.Equal([NoticeCodes.CodexError, NoticeCodes.LineUnreadable, NoticeCodes.ThreadLost], story.Notices);
        Assert.Equal(["one", "two"], story.Texts);
        Assert.Equal(StopReason.EndTurn, story.End.StopReason);
        Assert.Equal(3, Stage.Calls.Count);
    }

    [Fact]
    public void A_codex_that_has_to_be_started_again_gets_the_tools_though_the_first_token_is_unknown_here()
    {
        Run("the first");
        Stage.Script(
            "[call 2]",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "busy",
            "[else]",
            "thread",
            "turn",
            "say at last",
            "completed 1 1"
        );
        var turn = Submit(
            new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("hello")]) { Tools = [new ToolDefinition("get", null, null)] }
        );
        AwaitFile("ready");
        LeaveAgents();
        Recover(turn);

        Stage.Touch("go");

        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(3, Stage.Calls.Count);
        });
        Assert.Equal(["at last"], Ended(turn).Texts);
        Assert.All(Stage.Calls.Skip(1), call =>
        {
            Assert.Contains("PLEXUM_MCP_TOKEN", call.Env);
            Assert.Single(call.Argv, argument => argument.StartsWith("mcp_servers.", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_turn_whose_workspace_has_become_unusable_ends_with_the_reason_and_the_next_one_runs()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var place = Stage.File("place");
        var turns = new[] { Submit("1"), Submit(new TurnRequest(Alice, place, null, [TurnMessage.User("2")])), Submit("3") };
        turns[2].Accepted();
        AwaitFile("ready");
        LeaveAgents();
        Directory.Delete(place);
        File.WriteAllText(place, "no directory");

        Recover(turns);
        Stage.Touch("go");

        Assert.Equal(StopReason.EndTurn, Ended(turns[0]).End.StopReason);
        var story = Ended(turns[1]);
        Assert.Equal((StopReason.Error, "workspace_not_writable"), (story.End.StopReason, story.Error.Code));
        Assert.Equal(StopReason.EndTurn, Ended(turns[2]).End.StopReason);
    }

    [Fact]
    public void The_time_that_a_turn_may_take_counts_from_its_start()
    {
        Settings = Settings with { TurnTimeout = TimeSpan.FromMinutes(10) };
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hello");
        AwaitFile("ready");
        LeaveAgents();
        Recover(turn);
        AwaitPhase(AgentPhase.Running);

        Clock.Advance(Settings.TurnTimeout);

        Assert.Equal(StopReason.Timeout, Ended(turn).End.StopReason);
    }
}
