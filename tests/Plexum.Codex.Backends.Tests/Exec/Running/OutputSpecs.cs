using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Running;

public sealed class OutputSpecs : AgentTestKit
{
    private static readonly string[] LostMessage =
    [
        "thread",
        "turn",
        "say I shall look.",
        "rollout " + Recorded("I shall look."),
        "command ls",
        """raw {"type":"item.completed","item":{"id":"item_9","type":"agent_message","te\nWARN retrying\nxt":"It is done."}}\n""",
        "rollout " + Recorded("It is done."),
        """rollout {"type":"event_msg","payload":{"type":"task_complete","last_agent_message":"It is done."}}""",
    ];

    [Fact]
    public void Events_are_in_the_log_while_codex_still_runs()
    {
        Stage.Script("thread", "turn", "say one", "wait " + Stage.File("go"), "say two", "completed 1 1");
        var turn = Submit("hi");

        Eventually(() => Assert.Contains(new CanonicalEvent.TextDelta("one"), turn.Events));
        Assert.Equal(AgentPhase.Running, Snapshot().Phase);
        Stage.Touch("go");

        Assert.Equal(["one", "two"], turn.Ended(StopReason.EndTurn).Texts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Output_in_small_pieces_comes_out_whole(int bytes)
    {
        Stage.Script($"chunks {bytes}", "thread", "turn", "think hm", "say 😀 ümläut", "command ls", "completed 1 1");

        var story = Run("hi");

        Assert.Equal(["😀 ümläut"], story.Texts);
        Assert.Equal("hm", Assert.Single(story.Events.OfType<CanonicalEvent.ThinkingDelta>()).Text);
        Assert.Equal(
            [ActivityPhase.Started, ActivityPhase.Completed],
            story.Events.OfType<CanonicalEvent.Activity>().Select(activity => activity.Phase)
        );
    }

    [Fact]
    public void The_prompt_reaches_codex_unchanged_and_not_as_an_argument()
    {
        foreach (var prompt in new[] { "--help", "resume", "-", "\"quotes\"\n'and' $(lines)\r\n😀", new string('x', 200_000) })
        {
            Assert.Equal([prompt], Run(prompt).Texts);
            Assert.Equal(prompt, Stage.Calls[^1].Prompt);
            Assert.Equal("-", Stage.Calls[^1].Argv[^1]);
        }
    }

    [Fact]
    public void An_exit_without_the_end_of_the_turn_is_an_error()
    {
        Stage.Script("thread", "turn", "say half", "exit 0");

        var story = Run("hi", StopReason.Error);

        Assert.Equal(["half"], story.Texts);
        Assert.Equal("turn_incomplete", story.Error.Code);
    }

    [Fact]
    public void A_failed_turn_is_reported_once()
    {
        Stage.Script("thread", "turn", "error no luck", "stderr ERROR no luck", "failed no luck", "exit 1");

        var story = Run("hi", StopReason.Error);

        Assert.Equal("no luck", story.Error.Message);
    }

    [Fact]
    public void Warnings_and_errors_on_the_way_do_not_fail_a_turn()
    {
        Stage.Script("thread", "turn", "warn careful", "error Reconnecting... 1/5", "say fine", "completed 1 1");

        var story = Run("hi");

        Assert.Equal([NoticeCodes.CodexWarning, NoticeCodes.Reconnecting], story.Notices);
        Assert.Equal(["fine"], story.Texts);
    }

    [Fact]
    public void A_codex_that_dies_is_an_error_with_its_last_words()
    {
        Stage.Script("stderr early words", "stderr the sky is falling", "exit 3");

        var error = Run("hi", StopReason.Error).Error;

        Assert.Equal(("codex_exited", TurnErrorClass.Process), (error.Code, error.Class));
        Assert.Contains("exited with 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("the sky is falling", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codex_that_is_killed_from_outside_is_an_error_that_names_the_signal()
    {
        Stage.Script("thread", "turn", "die KILL");

        Assert.Contains("SIGKILL", Run("hi", StopReason.Error).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_turn_whose_codex_then_fails_is_done_and_says_how_codex_ended()
    {
        Stage.Script(
            "thread",
            "turn",
            "say done",
            "completed 1 1",
            "stderr the sky is falling",
            "[prompt four]",
            "exit 4",
            "[else]",
            "die KILL"
        );

        var (exited, killed) = (Run("four"), Run("nine"));

        Assert.Equal([NoticeCodes.BadExit], exited.Notices);
        Assert.Equal([NoticeCodes.BadExit], killed.Notices);
        Assert.Equal(["done"], exited.Texts);
        Assert.Contains("exited with 4", exited.Notice(NoticeCodes.BadExit).Message, StringComparison.Ordinal);
        Assert.Contains("the sky is falling", exited.Notice(NoticeCodes.BadExit).Message, StringComparison.Ordinal);
        Assert.Contains("SIGKILL", killed.Notice(NoticeCodes.BadExit).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_could_not_be_read_is_taken_from_codexs_record()
    {
        Stage.Script([.. LostMessage, "completed 1 1"]);

        var story = Run("hi");

        Assert.Equal(["I shall look.", "It is done."], story.Texts);
        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.AnswerRecovered], story.Notices);
    }

    [Fact]
    public void A_message_whose_line_is_missing_altogether_is_taken_from_codexs_record()
    {
        Stage.Script([.. LostMessage.Where(step => !step.StartsWith("raw", StringComparison.Ordinal)), "completed 1 1"]);

        var story = Run("hi");

        Assert.Equal(["I shall look.", "It is done."], story.Texts);
        Assert.Equal([NoticeCodes.AnswerRecovered], story.Notices);
    }

    [Fact]
    public void A_turn_whose_message_is_nowhere_fails()
    {
        Stage.Script([.. LostMessage.Where(step => !step.StartsWith("rollout", StringComparison.Ordinal)), "completed 1 1"]);

        Assert.Equal(ErrorCodes.AnswerMissing, Run("hi", StopReason.Error).Error.Code);
    }

    [Fact]
    public void A_codex_that_refuses_its_arguments_is_an_error_with_what_it_says()
    {
        ExecSettings = ExecSettings with { ExtraArgs = ["--no-such-option"] };

        var error = Run("hi", StopReason.Error).Error;

        Assert.Contains("--no-such-option", error.Message, StringComparison.Ordinal);
        Assert.Contains("exited with 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_6_3_MB_comes_out_whole()
    {
        Stage.Script("thread", "turn", "long 6300000", "say after", "completed 1 1");

        var story = Run("hi");

        Assert.Equal(2, story.Texts.Count);
        Assert.InRange(story.Texts[0].Length, 6_290_000, 6_300_000);
        Assert.Equal("after", story.Texts[1]);
    }

    [Fact]
    public void Lines_that_are_no_events_are_logged_by_their_number_and_not_by_what_they_say()
    {
        Stage.Script("thread", "turn", "raw planted words\\n", "say fine", "completed 1 1");

        EventFilter
            .Warning(contains: "planted")
            .Expect(0, TimeSpan.Zero, () =>
                EventFilter.Warning(start: "codex: unparseable JSONL line unreadable=1 ").ExpectOne(() => Run("hi"))
            );
    }

    [Fact]
    public void Binary_noise_is_skipped_with_one_notice()
    {
        Stage.Script("thread", "turn", "noise 100000 7", "raw \\n", "say after", "completed 1 1");

        var story = Run("hi");

        Assert.Equal(["after"], story.Texts);
        Assert.Equal([NoticeCodes.LineUnreadable], story.Notices);
    }

    [Fact]
    public void A_last_line_without_its_newline_counts()
    {
        Stage.Script(
            "thread",
            "turn",
            """raw {"type":"turn.completed","usage":{"input_tokens":9,"cached_input_tokens":0,"output_tokens":1}}"""
        );

        Assert.Equal(9, Run("hi").End.Usage.InputTokens);
    }

    [Fact]
    public void A_flood_of_events_is_reported_in_full()
    {
        Stage.Script(
            "thread",
            "turn",
            """flood 20000 {"type":"item.completed","item":{"id":"i","type":"agent_message","text":"${n}"}}""",
            "completed 1 1"
        );

        var story = Run("hi");

        Assert.Equal(20_000, story.Texts.Count);
        Assert.Equal(20_000, story.Texts.Distinct().Count());
    }

    [Fact]
    public void A_flood_on_stderr_is_cut_with_a_mark_and_does_not_hold_up_the_turn()
    {
        ExecSettings = ExecSettings with { MaxStderrBytes = 64 * 1024 };
        Stage.Script(
            "thread",
            "turn",
            "stderr the first line",
            "stderr-flood 100000 chatter number ${n}",
            "stderr the last line",
            "say done",
            "completed 1 1"
        );

        var story = Run("hi");

        Assert.Equal(["done"], story.Texts);
        var stderr = File.ReadAllText(story.Turn.Directory.StderrFile);
        Assert.InRange(stderr.Length, 64 * 1024, 96 * 1024);
        Assert.StartsWith("the first line\n", stderr, StringComparison.Ordinal);
        Assert.Contains(" bytes of stderr cut", stderr, StringComparison.Ordinal);
        Assert.EndsWith("the last line\n", stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_on_stderr_is_cut_while_codex_still_runs()
    {
        ExecSettings = ExecSettings with { MaxStderrBytes = 64 * 1024 };
        Stage.Script("thread", "turn", "stderr-flood 20000 chatter number ${n}", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains(" bytes of stderr cut", File.ReadAllText(turn.Directory.StderrFile), StringComparison.Ordinal);
        });

        Cancel(turn, force: true);
        turn.Ended(StopReason.Cancelled);
    }

    [Fact]
    public void S18_A_codex_that_prints_without_end_is_killed_and_its_turn_ends_with_an_error()
    {
        const string Line = """flood 4000 {"type":"item.completed","item":{"id":"i","type":"agent_message","text":"${n}"}}""";
        ExecSettings = ExecSettings with { MaxOutputBytes = 256 * 1024 };
        Stage.Script("ignore INT", "ignore TERM", "thread", "turn", Line, "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains(ProcessSignal.Kill, Signals);
        });

        var story = turn.Ended(StopReason.Error);
        Assert.Equal(("output_too_large", TurnErrorClass.Process), (story.Error.Code, story.Error.Class));
        Assert.Equal(4000, story.Texts.Count);
        Assert.Single(story.Events.OfType<CanonicalEvent.MessageEnd>());
        Assert.Equal([ProcessSignal.Kill], Signals);
    }

    [Fact]
    public void Text_on_stderr_that_looks_like_events_is_not_taken_for_them()
    {
        Stage.Script(
            "thread",
            """stderr {"type":"turn.failed","error":{"message":"from stderr"}}""",
            """stderr {"type":"item.completed","item":{"id":"i","type":"agent_message","text":"from stderr"}}""",
            "turn",
            "say real",
            "completed 1 1"
        );

        var story = Run("hi");

        Assert.Equal(["real"], story.Texts);
        Assert.Empty(story.Notices);
    }

    private static string Recorded(string message) =>
        """{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","id":"m","content":"""
        + $$"""[{"type":"Text","text":"{{message}}"}]"""
        + "}}}";
}
