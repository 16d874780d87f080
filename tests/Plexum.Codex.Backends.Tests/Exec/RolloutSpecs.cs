using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec;

/// <summary>What a turn's rollout adds to its events.</summary>
public sealed class RolloutSpecs : AgentTestKit
{
    private const string SomeThread = "019a0000-0000-7000-8000-00000000abcd";

    private const string Limits429 =
        """rollout {"type":"event_msg","payload":{"type":"token_count","info":"""
        + """{"total_token_usage":{"input_tokens":70,"output_tokens":7}},"rate_limits":"""
        + """{"primary":{"used_percent":100.0,"window_minutes":300,"resets_at":1900000000},"secondary":null}}}""";

    [Fact]
    public void The_calls_of_a_turn_come_after_its_text_and_each_before_its_result()
    {
        Stage.Script(["thread", "turn", .. Calls("a", "b"), "say hello", "completed 1 1"]);

        var story = Run("hi");

        Assert.Equal(
            ["MessageStart", "TextDelta hello", "ToolCall a", "ToolResult a", "ToolCall b", "ToolResult b", "MessageEnd"],
            story.Events.Select(Show)
        );
        Assert.Equal(new CanonicalEvent.ToolCall("a", "exec_command", null, "{\"cmd\":\"a\"}"), story.Events[2]);
        Assert.Equal(new CanonicalEvent.ToolResult("a", "output of a", false), story.Events[3]);
    }

    [Fact]
    public void A_resumed_turn_reports_only_its_own_calls()
    {
        Stage.Script([
            "thread",
            "turn",
            "[fresh]",
            .. Calls("first"),
            "completed 1 1",
            "[else]",
            .. Calls("second", "first"),
            "completed 2 2",
        ]);

        var first = Run("one");
        var second = Run("two");

        Assert.Equal(["first"], CallsOf(first));
        Assert.Equal(["second", "first"], CallsOf(second));
        var record = ExecRecord.Load(second.Turn.Directory)!;
        Assert.Equal(Rollout(first), record.RolloutPath);
        Assert.True(record.RolloutLength > 0 && record.RolloutLength < new FileInfo(record.RolloutPath!).Length);
        Assert.Null(ExecRecord.Load(first.Turn.Directory)!.RolloutPath);
    }

    [Fact]
    public void A_resumed_turn_whose_thread_is_not_named_reads_the_rollout_of_the_one_it_resumes()
    {
        Stage.Script([
            "[fresh]",
            "thread",
            "turn",
            .. Calls("first"),
            "completed 1 1",
            "[else]",
            "turn",
            .. Calls("own"),
            "say done",
            "completed 2 2",
        ]);
        Run("one");

        var second = Run("two");

        Assert.Equal(["own"], CallsOf(second));
        Assert.DoesNotContain(NoticeCodes.ThreadUnusable, second.Notices);
    }

    [Fact]
    public void A_new_thread_that_is_not_named_cannot_be_continued_and_the_turn_says_so()
    {
        Stage.Script("turn", "say done", "completed 1 1");

        Assert.Equal([NoticeCodes.ThreadUnusable], Run("one").Notices);
    }

    [Fact]
    public void What_another_writer_adds_while_the_turn_waits_for_its_thread_is_not_the_turns()
    {
        Stage.Script(["thread", "turn", .. Calls("before"), "completed 1 1"]);
        var rollout = Rollout(Run("one"));
        Stage.Script(["[call 2]", "busy", "[else]", "thread", "turn", .. Calls("own"), "completed 2 2"]);

        var turn = Submit("two");
        AwaitPhase(AgentPhase.WaitingForThread);
        File.AppendAllLines(rollout, Calls("foreign").Select(line => line["rollout ".Length..]));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["own"], CallsOf(turn.Ended(StopReason.EndTurn)));
    }

    [Fact]
    public void A_failed_turn_has_the_rollouts_class_reset_time_and_tokens_and_the_text_of_codex()
    {
        Stage.Script(
            "thread",
            "turn",
            Limits429,
            """rollout {"type":"event_msg","payload":{"type":"task_complete","error":"""
                + """{"message":"m","codex_error_info":"usage_limit_exceeded"}}}""",
            "failed Come back later.",
            "exit 1"
        );

        var story = Run("hi", StopReason.Error);

        var resetsAt = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        Assert.Equal(
            new CanonicalEvent.Error("usage_limit_exceeded", "Come back later.", TurnErrorClass.UsageLimit, resetsAt, true),
            story.Error
        );
        Assert.Equal(new Usage(70, 7, 0, 0), story.End.Usage);
        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, resetsAt), null), story.End.RateLimits);
    }

    [Fact]
    public void A_killed_turn_reports_the_calls_that_codex_had_noted()
    {
        Stage.Script(["thread", "turn", .. Calls("done"), Call("open"), "touch " + Stage.File("there"), "hang"]);
        var turn = Submit("hi");
        AwaitFile("there");

        Cancel(turn, force: true);

        var story = turn.Ended(StopReason.Cancelled);
        Assert.Equal(["ToolCall done", "ToolResult done", "ToolCall open", "MessageEnd"], story.Events.Skip(1).Select(Show));
    }

    [Fact]
    public void A_rollout_that_shrank_is_reported_and_not_read()
    {
        Stage.Script(["thread", "turn", .. Calls("a", "b"), "completed 1 1"]);
        var rollout = Rollout(Run("one"));
        Stage.Script("thread", "turn", "touch " + Stage.File("there"), "wait " + Stage.File("go"), "completed 2 2");
        var turn = Submit("two");
        AwaitFile("there");

        File.WriteAllText(rollout, "{}\n");
        Stage.Touch("go");

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Empty(CallsOf(story));
        Assert.Contains(rollout, story.Notice(NoticeCodes.RolloutUnreadable).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_that_begins_with_a_compressed_rollout_and_ends_with_a_plain_one_reports_its_own_calls_once()
    {
        Stage.Script(["thread", "turn", .. Calls("old", "older"), "completed 1 1"]);
        var rollout = Rollout(Run("one"));
        var length = new FileInfo(rollout).Length;
        var packed = Zstd.PackFile(rollout);
        Stage.Script([
            "touch " + Stage.File("there"),
            "wait " + Stage.File("go"),
            "thread",
            "turn",
            .. Calls("own", "old"),
            "say done",
            "completed 2 2",
        ]);
        var turn = Submit("two");
        AwaitFile("there");

        Zstd.UnpackFile(packed);
        Stage.Touch("go");

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal(["own", "old"], CallsOf(story));
        Assert.Empty(story.Notices);
        Assert.Equal(
            (packed, length),
            (ExecRecord.Load(story.Turn.Directory)!.RolloutPath, ExecRecord.Load(story.Turn.Directory)!.RolloutLength)
        );
        Stage.Script(["thread", "turn", .. Calls("last"), "completed 3 3"]);
        Assert.Equal(["last"], CallsOf(Run("three")));
    }

    [Fact]
    public void A_rollout_that_is_compressed_at_the_turns_end_is_read()
    {
        Stage.Script(["thread", "turn", .. Calls("a"), "touch " + Stage.File("there"), "wait " + Stage.File("go"), "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("there");

        Zstd.PackFile(Directory.EnumerateFiles(Stage.CodexHome, "rollout-*", SearchOption.AllDirectories).Single());
        Stage.Touch("go");

        Assert.Equal(["a"], CallsOf(turn.Ended(StopReason.EndTurn)));
    }

    [Fact]
    public void A_compressed_rollout_that_cannot_be_unpacked_is_reported()
    {
        Stage.Script(["thread", "turn", .. Calls("a"), "touch " + Stage.File("there"), "wait " + Stage.File("go"), "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("there");
        var rollout = Directory.EnumerateFiles(Stage.CodexHome, "rollout-*", SearchOption.AllDirectories).Single();

        File.Move(rollout, rollout + ".zst");
        Stage.Touch("go");

        Assert.Contains(
            "cannot be unpacked",
            turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.RolloutUnreadable).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_growing_rollout_is_reported_when_it_passes_the_limit_and_when_it_has_doubled()
    {
        var padding = "rollout " + new string('x', 10_000);
        Rollouts = Rollouts with { Limits = new RolloutLimits { WarnSize = 25_000 } };
        Stage.Script("thread", "turn", padding, "say done", "completed 1 1");

        var told = Enumerable
            .Range(1, 6)
            .Select(turn => Run(turn.ToString(CultureInfo.InvariantCulture)).Notices.Contains(NoticeCodes.RolloutLarge))
            .ToList();

        Assert.Equal([false, false, true, false, true, false], told);
    }

    [Fact]
    public void A_thread_that_somebody_else_began_has_the_usage_of_the_turn()
    {
        WriteRollout(SomeThread, Tokens(400, 80));
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("thread", "turn", "rollout " + Tokens(600, 120), "say done", "completed 600 120");

        var story = Run("hi");

        Assert.Equal((new Usage(200, 40, 0, 0), new Usage(600, 120, 0, 0)), (story.End.Usage, story.End.ThreadUsage));
        Assert.Empty(story.Notices);
    }

    [Fact]
    public void A_thread_in_which_nothing_was_counted_yet_begins_at_zero()
    {
        WriteRollout(SomeThread, """{"timestamp":"t","type":"event_msg","payload":{"type":"task_started"}}""");
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("thread", "turn", "rollout " + Tokens(600, 120), "say done", "completed 600 120");

        var story = Run("hi");

        Assert.Equal(new Usage(600, 120, 0, 0), story.End.Usage);
        Assert.Empty(story.Notices);
    }

    [Fact]
    public void What_somebody_else_used_in_the_thread_between_two_turns_is_not_the_turns()
    {
        Stage.Script("thread", "turn", "rollout " + Tokens(100, 10), "completed 100 10");
        var rollout = Rollout(Run("one"));
        File.AppendAllLines(rollout, [Tokens(900, 90)]);
        Stage.Script("thread", "turn", "rollout " + Tokens(1000, 100), "completed 1000 100");

        Assert.Equal(new Usage(100, 10, 0, 0), Run("two").End.Usage);
    }

    [Fact]
    public void A_killed_turns_start_without_an_end_leaves_the_next_turn_its_own_calls()
    {
        Stage.Script(["thread", "turn", Started("1"), Call("open"), "touch " + Stage.File("there"), "hang"]);
        var killed = Submit("one");
        AwaitFile("there");
        Cancel(killed, force: true);
        var first = killed.Ended(StopReason.Cancelled);
        Stage.Script(["thread", "turn", Result("open"), Started("2"), .. Calls("own"), "say done", "completed 2 2"]);

        var second = Run("two");

        Assert.Equal(["ToolCall open"], first.Events.Skip(1).SkipLast(1).Select(Show));
        Assert.Equal(["TextDelta done", "ToolCall own", "ToolResult own"], second.Events.Skip(1).SkipLast(1).Select(Show));
        Assert.False(Assert.Single(second.Events.OfType<CanonicalEvent.ToolResult>()).IsError);
    }

    [Fact]
    public void A_failing_rollout_actor_costs_the_calls_and_not_the_turn()
    {
        var time = ManualTime.Running();
        Time = time;
        Stage.Script([
            "thread",
            "turn",
            .. Calls("a"),
            "touch " + Stage.File("there"),
            "wait " + Stage.File("go"),
            "say done",
            "completed 1 1",
        ]);
        var turn = Submit("one");
        AwaitFile("there");

        // Once codex has exited, the search for a new thread's rollout asks for the day first.
        time.FailOnce();
        Stage.Touch("go");

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Empty(CallsOf(story));
        Assert.Equal([NoticeCodes.RolloutUnreadable], story.Notices);
        Stage.Script(["thread", "turn", .. Calls("b"), "completed 2 2"]);
        Assert.Equal(["b"], CallsOf(Run("two")));
    }

    private static string Tokens(int input, int output) =>
        """{"timestamp":"t","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":"""
        + FormattableString.Invariant($"{{\"input_tokens\":{input},\"output_tokens\":{output}}}}}}}}}");

    private static string Started(string turn) =>
        """rollout {"timestamp":"t","type":"event_msg","payload":""" + $$$"""{"type":"task_started","turn_id":"{{{turn}}}"}}""";

    private void WriteRollout(string thread, params string[] lines)
    {
        var sessions = Directory.CreateDirectory(Path.Combine(Stage.CodexHome, "sessions")).FullName;
        File.WriteAllLines(Path.Combine(sessions, $"rollout-2026-11-20T10-00-00-{thread}.jsonl"), lines);
    }

    private static string[] Calls(params string[] ids) => [.. ids.SelectMany(id => new[] { Call(id), Result(id) })];

    private static string Call(string id) =>
        """rollout {"timestamp":"t","type":"response_item","payload":"""
        + $$$"""{"type":"function_call","name":"exec_command","arguments":"{\"cmd\":\"{{{id}}}\"}","call_id":"{{{id}}}"}}""";

    private static string Result(string id) =>
        """rollout {"timestamp":"t","type":"response_item","payload":"""
        + $$$"""{"type":"function_call_output","call_id":"{{{id}}}","output":"output of {{{id}}}"}}""";

    private static IEnumerable<string> CallsOf(TurnStory story) => story.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id);

    private string Rollout(TurnStory story) =>
        Directory.EnumerateFiles(Stage.CodexHome, $"rollout-*{story.End.ThreadId}.jsonl", SearchOption.AllDirectories).Single();

    private static string Show(CanonicalEvent value) =>
        value switch
        {
            CanonicalEvent.TextDelta text => $"TextDelta {text.Text}",
            CanonicalEvent.ToolCall call => $"ToolCall {call.Id}",
            CanonicalEvent.ToolResult result => $"ToolResult {result.Id}",
            _ => value.GetType().Name,
        };
}
