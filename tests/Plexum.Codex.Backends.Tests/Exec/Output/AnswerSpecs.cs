using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>A turn that codex completed has its answer, or says that it has none.</summary>
public sealed class AnswerSpecs
{
    private const string Lost = """{"type":"item.completed","item":{"id":"item_9","type":"agent_message","te""";
    private const string Early = """{"type":"item.""";
    private const string WithoutText = """{"type":"item.completed","item":{"id":"item_9","type":"agent_message"}}""";
    private const string Begun = """{"type":"item.started","item":{"id":"item_5","type":"command_execution","command":"ls"}}""";
    private const string Ended = """{"type":"item.completed","item":{"id":"item_5","type":"command_execution","command":"ls"}}""";

    [Fact]
    public void A_lost_message_is_taken_from_the_rollout_and_comes_last()
    {
        var events = Turn(new RecordedMessages(2, "It is done.", null, IsWhole: true), Say("I shall look."), Begun, Ended, Lost);

        Assert.Equal(["I shall look.", "It is done."], Texts(events));
        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.AnswerRecovered], Notices(events));
        Assert.Equal(StopReason.EndTurn, End(events).StopReason);
    }

    [Theory]
    [InlineData(1, "hello")]
    [InlineData(2, "hello")]
    [InlineData(2, null)]
    public void A_message_that_was_told_is_not_told_again(int count, string? answer)
    {
        var events = Turn(new RecordedMessages(count, "hello", null, IsWhole: true) { End = Of(answer) }, Say("hello"), Lost);

        Assert.Equal(["hello"], Texts(events));
        Assert.Equal(StopReason.EndTurn, End(events).StopReason);
    }

    [Theory]
    [InlineData("Done.")]
    [InlineData(null)]
    public void The_same_words_after_more_work_are_another_message(string? answer)
    {
        var recorded = new RecordedMessages(2, "Done.", null, IsWhole: true) { End = Of(answer) };

        var events = Turn(recorded, Say("Done."), Begun, Ended, Lost);

        Assert.Equal(["Done.", "Done."], Texts(events));
        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.AnswerRecovered], Notices(events));
    }

    [Fact]
    public void What_codex_recorded_as_its_last_message_settles_it()
    {
        var recorded = new RecordedMessages(0, null, null, IsWhole: false) { End = Of("hello") };

        Assert.Equal(["hello"], Texts(Turn(recorded, Say("hello"), Lost)));
        Assert.Equal(["hello"], Texts(Turn(recorded, Say("hello"), Early)));
        Assert.Equal(["I shall look.", "hello"], Texts(Turn(recorded, Say("I shall look."), WithoutText)));
        Assert.Equal(["I shall look.", "hello"], Texts(Turn(recorded, Say("I shall look."), "plain words")));
    }

    [Theory]
    [InlineData(Lost)]
    [InlineData(WithoutText)]
    [InlineData("""{"type":"agent_message","text":["of tomorrow"]}""")]
    public void A_message_that_was_there_for_certain_and_is_in_no_record_fails_the_turn(string line)
    {
        var older = new RecordedMessages(1, "hello", null, IsWhole: true);

        foreach (var recorded in new[] { older, older with { End = new RecordedEnd(null) } })
        {
            Assert.Equal(
                ErrorCodes.AnswerMissing,
                Turn(recorded, Say("hello"), line).OfType<CanonicalEvent.Error>().SingleOrDefault()?.Code
            );
        }
    }

    [Fact]
    public void What_was_only_probably_a_message_is_none_if_the_record_is_whole()
    {
        var recorded = new RecordedMessages(1, "hello", null, IsWhole: true);

        Assert.Equal(StopReason.EndTurn, End(Turn(recorded, Say("hello"), Early)).StopReason);
        Assert.Equal(StopReason.Error, End(Turn(recorded with { IsWhole = false }, Say("hello"), Early)).StopReason);
    }

    [Fact]
    public void A_lost_message_before_the_last_work_is_a_commentary()
    {
        var older = new RecordedMessages(1, "I shall look.", null, IsWhole: true);
        foreach (var recorded in new[] { older, older with { End = new RecordedEnd(null) } })
        {
            var events = Turn(recorded, Lost, Begun, Ended);

            Assert.Equal(["I shall look."], Texts(events));
            Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.AnswerRecovered, NoticeCodes.NoFinalMessage], Notices(events));
        }

        // Without a record nobody knows whether another one was lost after it.
        Assert.Equal(StopReason.Error, End(Turn(null, Lost, Begun, Ended)).StopReason);
        Assert.Equal(StopReason.Error, End(Turn(null, Begun, Lost, Ended)).StopReason);
    }

    [Fact]
    public void Where_something_was_not_understood_codex_may_say_that_there_is_no_answer()
    {
        var recorded = new RecordedMessages(1, "hello", null, IsWhole: true) { End = new RecordedEnd(null) };

        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.NoFinalMessage], Notices(Turn(recorded, Say("hello"), "plain words")));
        Assert.Empty(Notices(Turn(recorded, Say("hello"))));
    }

    [Fact]
    public void A_lost_message_before_the_last_one_is_no_lost_answer()
    {
        var events = Turn(null, Lost, Say("hello"));

        Assert.Equal(["hello"], Texts(events));
        Assert.Equal(StopReason.EndTurn, End(events).StopReason);
    }

    [Fact]
    public void A_lost_message_that_the_rollout_may_lack_fails_the_turn()
    {
        foreach (var recorded in new[] { null, new RecordedMessages(1, "hello", null, IsWhole: false) })
        {
            var error = Turn(recorded, Say("hello"), Lost).OfType<CanonicalEvent.Error>().Single();

            Assert.Equal((ErrorCodes.AnswerMissing, TurnErrorClass.Process, false), (error.Code, error.Class, error.Retryable));
        }
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("""{"type":"of.tomorrow"}""")]
    [InlineData("""{"type":"item.completed","item":{"id":"i","type":"hologram"}}""")]
    [InlineData("""{"level":"info"}""")]
    [InlineData("{")]
    public void What_is_hardly_a_message_does_not_fail_a_turn_but_may_be_one_in_the_rollout(string line)
    {
        Assert.Equal(StopReason.EndTurn, End(Turn(null, Say("hello"), line)).StopReason);
        Assert.Equal(["hello", "more"], Texts(Turn(new RecordedMessages(2, "more", null, IsWhole: true), Say("hello"), line)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("It is done.")]
    public void A_message_that_is_missing_altogether_is_taken_from_the_rollout(string? answer)
    {
        var recorded = new RecordedMessages(1, "It is done.", null, IsWhole: true) { End = Of(answer) };
        var more = recorded with { Count = 2 };

        foreach (var events in new[] { Turn(recorded), Turn(more, Say("I shall look.")) })
        {
            Assert.Equal("It is done.", Texts(events).Last());
            Assert.Equal([NoticeCodes.AnswerRecovered], Notices(events));
        }
    }

    [Fact]
    public void A_final_message_that_is_missing_after_the_work_is_the_answer()
    {
        var recorded = new RecordedMessages(2, "It is done.", null, IsWhole: true) { End = Of("It is done.") };

        var events = Turn(recorded, Say("I shall look."), Begun, Ended);

        Assert.Equal(["I shall look.", "It is done."], Texts(events));
        Assert.Equal([NoticeCodes.AnswerRecovered], Notices(events));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(null, true)]
    public void Where_codex_recorded_no_answer_the_order_in_its_record_tells_one_from_a_commentary(bool? isFollowed, bool isCommentary)
    {
        foreach (var isWhole in new[] { true, false })
        {
            var recorded = new RecordedMessages(2, "It is done.", null, isWhole) { IsFollowedByWork = isFollowed };

            var events = Turn(recorded, Say("I shall look."), Begun, Ended);

            Assert.Equal(["I shall look.", "It is done."], Texts(events));
            Assert.Equal(NoticeCodes.AnswerRecovered, Notices(events).First());
            Assert.Equal(isCommentary, Notices(events).Contains(NoticeCodes.NoFinalMessage));
        }
    }

    [Fact]
    public void A_message_of_which_only_the_beginning_was_told_is_taken_from_the_rollout()
    {
        var recorded = new RecordedMessages(2, "It is done.", null, IsWhole: false) { IsFollowedByWork = false };

        var events = Turn(recorded, Say("I shall look."), Begun, Ended, Say("It is"));

        Assert.Equal(["I shall look.", "It is", "It is done."], Texts(events));
        Assert.Equal([NoticeCodes.AnswerRecovered], Notices(events));
        Assert.Empty(Notices(Turn(recorded with { Last = "It is" }, Say("I shall look."), Say(" It is "))));
    }

    [Fact]
    public void An_answer_whose_line_is_missing_and_whose_record_is_torn_fails_the_turn()
    {
        var recorded = new RecordedMessages(0, null, null, IsWhole: false) { MayLack = true };
        var commentary = new RecordedMessages(1, "I shall look.", null, IsWhole: false) { MayLack = true, IsFollowedByWork = true };

        Assert.Equal(StopReason.Error, End(Turn(recorded)).StopReason);
        Assert.Equal(StopReason.Error, End(Turn(commentary, Say("I shall look."), Begun, Ended)).StopReason);
        Assert.Equal(StopReason.Error, End(Turn(commentary, Begun, Ended)).StopReason);
        Assert.Equal(StopReason.Error, End(Turn(commentary with { IsFinal = false }, Say("I shall look."))).StopReason);
        Assert.Equal(StopReason.EndTurn, End(Turn(recorded, Begun, Ended, Say("hello"))).StopReason);
        Assert.Equal(StopReason.EndTurn, End(Turn(recorded with { End = new RecordedEnd(null) }, Begun, Ended)).StopReason);
    }

    [Theory]
    [InlineData(Early)]
    [InlineData(Lost)]
    [InlineData("plain words")]
    public void What_comes_after_the_end_takes_no_answer_away(string line)
    {
        using var told = new MapperRig();
        told.Feed(MapperRig.ThreadStarted, Say("hello"), MapperRig.TurnCompleted, line);
        using var silent = new MapperRig();
        silent.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted, line);

        var events = told.End(MapperRig.Exit(1));

        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.BadExit], Notices([.. events]).Prepend(NoticeCodes.LineUnreadable));
        Assert.Equal(StopReason.EndTurn, End(events).StopReason);
        Assert.Equal(StopReason.Error, silent.EndOf().StopReason);
    }

    [Fact]
    public void What_the_record_confirms_is_told_once()
    {
        var recorded = new RecordedMessages(1, "hello\n", null, IsWhole: true) { End = Of("hello\n") };

        Assert.Equal(["hello"], Texts(Turn(recorded, Say("hello"))));
        Assert.Empty(Notices(Turn(recorded, Say("hello"))));
        Assert.Equal([NoticeCodes.LineUnreadable], Notices(Turn(recorded, Say("hello"), "plain words")));
        Assert.Empty(Notices(Turn(recorded, Say("hello"), Begun, Ended)));
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("eyJ0eXBlIjoiaXRlbS5jb21wbGV0ZWQi")]
    [InlineData("essage\",\"text\":\"It is done.\"}}")]
    [InlineData("{\"type\":\"of.tomorrow\"}")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"item_type\":\"agent_message\",\"text\":\"It is done.\"}}")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"assistant_message\",\"text\":\"It is done.\"}}")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"agentMessage\",\"text\":\"It is done.\"}}")]
    [InlineData("{\"type\":\"item.done\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"It is done.\"}}")]
    [InlineData("{\"type\":\"item.updated\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"It is done.\"}}")]
    public void What_was_not_understood_where_a_final_message_is_missing_may_have_been_it(string line)
    {
        var denied = new RecordedMessages(1, "I shall look.", null, IsWhole: true) { End = new RecordedEnd(null) };
        foreach (var before in new string[][] { [], [Begun, Ended], [Say("I shall look."), Begun, Ended] })
        {
            Assert.Equal(StopReason.Error, End(Turn(null, [.. before, line])).StopReason);
            Assert.Equal(StopReason.EndTurn, End(Turn(denied, [.. before, line])).StopReason);
            Assert.Equal(StopReason.EndTurn, End(Turn(null, [.. before, line, Say("hello")])).StopReason);
        }
    }

    [Fact]
    public void A_message_of_another_shape_after_a_commentary_is_missing()
    {
        const string Done = """{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"It is done."}}""";
        foreach (var line in new[] { Done.Replace("\"type\":\"agent_m", "\"item_type\":\"agent_m", StringComparison.Ordinal), Done[60..] })
        {
            Assert.Equal(StopReason.Error, End(Turn(null, Say("I shall look."), line)).StopReason);
        }

        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted, Say("I shall look."));
        rig.Feed(Encoding.Unicode.GetBytes(Done + "\n"));
        rig.Feed(MapperRig.TurnCompleted);

        Assert.Equal(StopReason.Error, rig.EndOf().StopReason);
    }

    [Fact]
    public void What_was_lost_before_codex_named_its_thread_was_no_answer()
    {
        using var rig = new MapperRig(maxLineBytes: 500);
        rig.Feed(Lost, new string('x', 600), MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        Assert.Equal(StopReason.EndTurn, rig.EndOf().StopReason);
    }

    [Fact]
    public void A_turn_that_was_stopped_without_its_answer_was_stopped()
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted, Lost, MapperRig.TurnCompleted);

        Assert.Equal(StopReason.Cancelled, rig.EndOf(MapperRig.Exit(cause: ExecEndCause.Cancelled)).StopReason);
    }

    [Fact]
    public void A_message_before_the_last_work_is_a_commentary() =>
        Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(null, Say("I shall look."), Begun, Ended)));

    [Fact]
    public void Work_without_any_message_has_no_answer() => Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(null, Begun, Ended)));

    [Fact]
    public void Work_that_began_before_the_message_makes_it_no_commentary()
    {
        Assert.Empty(Notices(Turn(null, Begun, Say("It runs."), Ended)));
        Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(null, Say("It runs."), Begun)));
    }

    [Fact]
    public void A_turn_in_which_nothing_was_said_has_no_answer()
    {
        Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(null)));
        Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(new RecordedMessages(0, null, null, IsWhole: true))));
    }

    [Fact]
    public void The_label_of_the_model_decides_where_there_is_one()
    {
        var commentary = new RecordedMessages(1, "hello", IsFinal: false, IsWhole: true);
        var answer = commentary with { IsFinal = true };

        Assert.Equal([NoticeCodes.NoFinalMessage], Notices(Turn(commentary, Say("hello"))));
        Assert.Empty(Notices(Turn(answer, Say("hello"), Begun, Ended)));
        Assert.Empty(Notices(Turn(answer with { Last = "another" }, Say("hello"))));
    }

    [Theory]
    [InlineData(1, null, "exited with 1")]
    [InlineData(101, null, "exited with 101")]
    [InlineData(null, 9, "SIGKILL")]
    [InlineData(null, 11, "SIGSEGV")]
    [InlineData(null, 6, "SIGABRT")]
    public void A_turn_is_done_however_codex_dies_after_its_end(int? code, int? signal, string how)
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted, Say("hello"), MapperRig.TurnCompleted);

        var events = rig.End(new ExecEnd(ExecEndCause.Exited, new ProcessExit(code, signal), "thread 'main' panicked\n"));

        var notice = Assert.IsType<CanonicalEvent.Notice>(events[0]);
        Assert.Equal(NoticeCodes.BadExit, notice.Code);
        Assert.Contains(how, notice.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Its last output: thread 'main' panicked", notice.Message, StringComparison.Ordinal);
        Assert.Equal(StopReason.EndTurn, ((CanonicalEvent.MessageEnd)events[^1]).StopReason);
    }

    [Fact]
    public void An_end_that_nobody_saw_is_no_bad_exit()
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted, Say("hello"), MapperRig.TurnCompleted);

        Assert.Equal(
            StopReason.EndTurn,
            Assert
                .IsType<CanonicalEvent.MessageEnd>(Assert.Single(rig.End(new ExecEnd(ExecEndCause.Exited, ProcessExit.Unknown, "words"))))
                .StopReason
        );
    }

    private static RecordedEnd? Of(string? answer) => answer is null ? null : new RecordedEnd(answer);

    private static string Say(string text) =>
        """{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":""" + $"\"{text}\"}}}}";

    private static CanonicalEvent[] Turn(RecordedMessages? recorded, params string[] lines)
    {
        using var rig = new MapperRig();
        CanonicalEvent[] events = [.. rig.Feed([MapperRig.ThreadStarted, .. lines, MapperRig.TurnCompleted])];
        return [.. events, .. rig.End(MapperRig.Exit() with { Rollout = new RolloutFindings { Messages = recorded } })];
    }

    private static IEnumerable<string> Texts(IEnumerable<CanonicalEvent> events) =>
        events.OfType<CanonicalEvent.TextDelta>().Select(text => text.Text);

    private static IEnumerable<string> Notices(IEnumerable<CanonicalEvent> events) =>
        events.OfType<CanonicalEvent.Notice>().Select(notice => notice.Code);

    private static CanonicalEvent.MessageEnd End(IReadOnlyList<CanonicalEvent> events) => (CanonicalEvent.MessageEnd)events[^1];
}
