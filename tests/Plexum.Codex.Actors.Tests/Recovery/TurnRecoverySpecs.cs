using System.Text;
using System.Text.RegularExpressions;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Files;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>What becomes of the turns of a program that is no more.</summary>
public sealed partial class TurnRecoverySpecs : RecoveryTestKit
{
    private static readonly string[] Talkative =
    [
        "thread",
        "turn",
        "warn careful",
        "think hm",
        "command ls",
        "say one",
        "error Reconnecting... 1/5",
        """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_1"}}""",
        """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_2"}}""",
        """rollout {"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":"one"}}""",
        """rollout {"type":"response_item","payload":{"type":"function_call_output","call_id":"call_2","output":"two"}}""",
        "say two",
        "completed 7 3",
    ];

    [Fact]
    public void A_codex_that_runs_is_listened_to_from_the_last_event_on()
    {
        Stage.Script("thread", "turn", "say one", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say two", "completed 7 3");
        var turn = Submit("hello");
        AwaitFile("ready");
        AwaitText(turn, "one");
        LeaveAgents();

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 1, 0, 0), Recover(turn));
        Assert.Equal((AgentPhase.Running, turn.Id), (Snapshot().Phase, Snapshot().RunningTurn!.Value));
        Stage.Touch("go");

        var story = Ended(turn);
        Assert.Equal(["one", "two"], story.Texts);
        Assert.Equal((StopReason.EndTurn, new Usage(7, 3, 0, 0)), (story.End.StopReason, story.End.Usage));
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void A_codex_that_has_ended_meanwhile_is_settled_from_what_it_wrote()
    {
        Stage.Script("thread", "turn", "say one", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say two", "completed 7 3");
        var turn = Submit("hello");
        AwaitFile("ready");
        AwaitText(turn, "one");
        var codex = LastCodex();
        LeaveAgents();
        Stage.Touch("go");
        AwaitGone(codex);

        Assert.Equal(1, Recover(turn).Started);

        var story = Ended(turn);
        Assert.Equal(["one", "two"], story.Texts);
        Assert.Equal(StopReason.EndTurn, story.End.StopReason);
        Run("the next");
        Assert.Equal(["exec", "resume", story.End.ThreadId.ToString()!], Stage.Calls[1].Argv[..3]);
    }

    [Fact]
    public void The_thread_of_a_codex_that_runs_is_on_record_again_if_the_program_died_before_that()
    {
        Stage.Script("thread", "turn", "say one", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "completed 7 3");
        var turn = Submit("hello");
        AwaitFile("ready");
        AwaitText(turn, "one");
        LeaveAgents();
        File.Delete(DirectoryOf(Alice).ThreadFile);
        File.Delete(SessionPath);

        Recover(turn);
        Stage.Touch("go");

        var thread = Ended(turn).End.ThreadId!.Value;
        Assert.Equal(thread, Assert.IsType<RecordedThread.Current>(Threads.Find(Alice)).Thread);
        Run("the next");
        Assert.Equal(["exec", "resume", thread.ToString()], Stage.Calls[1].Argv[..3]);
    }

    [Theory]
    [InlineData(StopReason.EndTurn)]
    [InlineData(StopReason.Error)]
    public void Wherever_the_log_was_cut_it_becomes_the_same_as_without_the_death(StopReason reason)
    {
        Stage.Script(reason == StopReason.EndTurn ? Talkative : [.. Talkative[..^1], "failed You've hit your usage limit."]);
        var turn = Submit("hello");
        Ended(turn);
        var log = File.ReadAllBytes(turn.Directory.EventsFile);
        var expected = WithoutTimes(log);
        Assert.Contains("call_2", expected, StringComparison.Ordinal);
        var ends = Enumerable.Range(0, log.Length).Where(index => log[index] == '\n').Select(index => index + 1).ToList();

        foreach (var cut in ends[..^1].SelectMany(end => new[] { end, end + 9 }).Prepend(3).Prepend(0))
        {
            LeaveAgents();
            File.WriteAllBytes(turn.Directory.EventsFile, log[..cut]);
            Unsettle(turn);
            Assert.Equal(1, Recover(turn).Started);

            Ended(turn);
            Assert.Equal(expected, WithoutTimes(File.ReadAllBytes(turn.Directory.EventsFile)));
        }

        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void A_turn_whose_log_is_whole_is_only_reported_as_ended()
    {
        var turn = Submit("hello");
        Ended(turn);
        LeaveAgents();

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 0, 0, 1), Recover(turn));

        Ended(turn);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void Turns_that_were_never_started_run_in_their_order_behind_the_one_that_was()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var turns = new[] { Submit("1"), Submit("2"), Submit("3") };
        AwaitFile("ready");
        LeaveAgents();

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 1, 2, 0), Recover(turns));
        var newer = Submit("4");
        Assert.Equal(3, newer.Accepted().Position);
        Stage.Touch("go");

        Assert.All(turns.Append(newer), turn => Assert.Equal(StopReason.EndTurn, Ended(turn).End.StopReason));
        Assert.Equal(["1", "2", "3", "4"], Stage.Calls.Select(call => call.Prompt));
    }

    [Fact]
    public void A_turn_whose_directory_was_made_and_whose_codex_was_not_started_runs_once()
    {
        var turn = NewRun("hello");
        var directory = TurnDirectory.Create(DirectoryOf(Alice), turn.Id);
        directory.WritePrompt(new Prompt("half a prompt", []));
        new ExecRecord
        {
            TurnId = turn.Id.Value,
            AgentId = "alice",
            Workspace = Stage.Workspace,
            StartedAt = DateTimeOffset.UtcNow,
        }.Save(directory);
        using (var log = TurnLog.Open(directory.EventsFile))
        {
            log.Append([new CanonicalEvent.MessageStart(turn.Id, Alice, false)]);
        }

        Assert.Equal(1, Recover(turn).Queued);

        Assert.Equal(["hello"], Ended(turn).Texts);
        Assert.Equal("hello", Assert.Single(Stage.Calls).Prompt);
    }

    [Fact]
    public void A_codex_whose_number_was_not_noted_in_time_is_found()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var turn = Submit("hello");
        AwaitFile("ready");
        LeaveAgents();
        Change(turn, record => record with { Pid = 0, PidStartedAt = 0, BootId = null });

        Assert.Equal(1, Recover(turn).Started);
        Stage.Touch("go");

        Assert.Equal(["hello"], Ended(turn).Texts);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void A_codex_whose_number_was_not_noted_in_time_and_that_has_ended_does_not_run_again()
    {
        var turn = Submit("hello");
        Ended(turn);
        LeaveAgents();
        File.Delete(turn.Directory.EventsFile);
        Change(turn, record => record with { Pid = 0, PidStartedAt = 0, BootId = null, Settled = false });

        Assert.Equal(1, Recover(turn).Started);

        Assert.Equal(["hello"], Ended(turn).Texts);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void After_a_restart_of_the_machine_the_turn_ends_with_what_there_is()
    {
        Stage.Script("thread", "turn", "say one", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hello");
        AwaitFile("ready");
        AwaitText(turn, "one");
        var codex = LastCodex();
        LeaveAgents();
        Assert.True(CodexProcess.Attach(codex).Signal(ProcessSignal.Kill));
        AwaitGone(codex);
        Change(turn, record => record with { BootId = "an earlier start" });

        Assert.Equal(1, Recover(turn).Started);

        var story = Ended(turn);
        Assert.Equal(["one"], story.Texts);
        Assert.Equal((StopReason.Error, "turn_incomplete"), (story.End.StopReason, story.Error.Code));
    }

    [Fact]
    public void A_codex_that_dies_unseen_after_the_end_of_its_turn_has_done_it()
    {
        Stage.Script("thread", "turn", "say one", "completed 7 3", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hello");
        AwaitFile("ready");
        AwaitText(turn, "one");
        var codex = LastCodex();
        LeaveAgents();
        Assert.True(CodexProcess.Attach(codex).Signal(ProcessSignal.Kill));
        AwaitGone(codex);

        Assert.Equal(1, Recover(turn).Started);

        var story = Ended(turn);
        Assert.Equal((StopReason.EndTurn, new Usage(7, 3, 0, 0)), (story.End.StopReason, story.End.Usage));
        Assert.Equal(["one"], story.Texts);
    }

    [Fact]
    public void Turns_that_the_agent_has_already_are_passed_over()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        var turns = new[] { Submit("1"), Submit("2") };
        AwaitFile("ready");

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 0, 0, 0), Recover(turns));
        Stage.Touch("go");

        Assert.All(turns, turn => turn.Ended(StopReason.EndTurn));
        Assert.Equal(2, Stage.Calls.Count);
    }

    private static void Unsettle(TurnRun turn) => Change(turn, record => record with { Settled = false });

    private static void Change(TurnRun turn, Func<ExecRecord, ExecRecord> change) =>
        change(ExecRecord.Load(turn.Directory)!).Save(turn.Directory);

    private static string WithoutTimes(byte[] log) => Times().Replace(Encoding.UTF8.GetString(log), "");

    [GeneratedRegex("\"duration_ms\":[0-9]+|,\"at\":\"[^\"]*\"")]
    private static partial Regex Times();
}
