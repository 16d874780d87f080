using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Output;

public sealed class TurnMapperSpecs
{
    private static readonly string OtherStarted = $$"""{"type":"thread.started","thread_id":"{{MapperRig.OtherThread}}"}""";

    [Fact]
    public void A_healthy_turn_becomes_its_canonical_events_in_order()
    {
        using var rig = new MapperRig();

        CanonicalEvent[] events =
        [
            rig.Mapper.Start(),
            .. rig.Feed(
                MapperRig.ThreadStarted,
                """{"type":"item.completed","item":{"id":"item_0","type":"error","message":"Model metadata for `gpt-5` not found."}}""",
                """{"type":"turn.started"}""",
                """{"type":"item.started","item":"""
                    + """{"id":"item_1","type":"command_execution","command":"ls","aggregated_output":"","exit_code":null"""
                    + ""","status":"in_progress"}}""",
                """{"type":"item.completed","item":"""
                    + """{"id":"item_1","type":"command_execution","command":"ls","aggregated_output":"a\nb","exit_code":0"""
                    + ""","status":"completed"}}""",
                """{"type":"item.completed","item":{"id":"item_2","type":"reasoning","text":"Hm."}}""",
                """{"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"Two \"files\"."}}""",
                MapperRig.TurnCompleted
            ),
            .. rig.End(),
        ];

        Assert.Equal(new CanonicalEvent.MessageStart(TurnId.Parse("turn-1"), AgentId.Parse("agent-1"), false), events[0]);
        Assert.Equal(new CanonicalEvent.Notice(NoticeCodes.ModelMetadata, "Model metadata for `gpt-5` not found."), events[1]);
        Assert.Equal(ActivityPhase.Started, Assert.IsType<CanonicalEvent.Activity>(events[2]).Phase);
        var completed = Assert.IsType<CanonicalEvent.Activity>(events[3]);
        Assert.Equal(ActivityPhase.Completed, completed.Phase);
        Assert.Equal(
            """{"id":"item_1","type":"command_execution","command":"ls","aggregated_output":"a\nb","exit_code":0,"status":"completed"}""",
            Encoding.UTF8.GetString(completed.Item.Span)
        );
        Assert.Equal(new CanonicalEvent.ThinkingDelta("Hm."), events[4]);
        Assert.Equal(new CanonicalEvent.TextDelta("Two \"files\"."), events[5]);
        Assert.Equal(
            new CanonicalEvent.MessageEnd(
                StopReason.EndTurn,
                new Usage(100, 20, 40, 5),
                new Usage(100, 20, 40, 5),
                MapperRig.Thread,
                TimeSpan.FromSeconds(2)
            ),
            events[6]
        );
        Assert.Equal(7, events.Length);
    }

    [Theory]
    [InlineData("file_change")]
    [InlineData("mcp_tool_call")]
    [InlineData("web_search")]
    [InlineData("todo_list")]
    [InlineData("collab_tool_call")]
    [InlineData("plan")]
    public void Items_that_are_work_become_activities_in_every_phase(string type)
    {
        using var rig = new MapperRig();

        var events = rig.Feed(
            $$$"""{"type":"item.started","item":{"id":"a","type":"{{{type}}}"}}""",
            $$$"""{"type":"item.updated","item":{"id":"a","type":"{{{type}}}"}}""",
            $$$"""{"type":"item.completed","item":{"id":"a","type":"{{{type}}}"}}"""
        );

        Assert.Equal(
            [ActivityPhase.Started, ActivityPhase.Updated, ActivityPhase.Completed],
            events.Select(e => Assert.IsType<CanonicalEvent.Activity>(e).Phase)
        );
    }

    [Fact]
    public void Members_are_understood_in_any_order()
    {
        using var rig = new MapperRig();

        var events = rig.Feed(
            """{"item":{"text":"first","extra":[{"type":"x"}],"type":"agent_message","id":"i"}"""
                + ""","extra":{"item":1},"type":"item.completed"}""",
            """{"item":{"new":1,"type":"future"},"type":"item.completed"}""",
            """{"error":{"code":1,"message":"late"},"type":"turn.failed"}"""
        );

        Assert.Equal(new CanonicalEvent.TextDelta("first"), Assert.Single(events));
        Assert.Equal(1, rig.Mapper.Progress.Counts.UnknownItems);
        Assert.Equal("late", rig.ErrorOf(MapperRig.Exit(1)).Message);
    }

    [Fact]
    public void Unknown_events_and_items_are_counted_and_named()
    {
        using var rig = new MapperRig();

        var events = rig.Feed(
            """{"type":"future.event","payload":{}}""",
            """{"type":"future.event"}""",
            """{"type":"item.completed","item":{"id":"i","type":"future_item"}}""",
            """{"type":"item.completed","item":{"id":"i"}}""",
            """{"type":"item.completed","item":7}""",
            """{"type":"item.updated","item":{"id":"i","type":"agent_message","text":"so far"}}"""
        );

        Assert.Empty(events);
        Assert.Equal(new MappingCounts(6, 2, 3, 0, 0), rig.Mapper.Progress.Counts);
        Assert.Equal(["future.event", "future_item"], rig.Mapper.UnknownTypes.Where(name => name.Length > 0));
    }

    [Fact]
    public void Lines_that_are_no_event_are_counted_and_reported_once()
    {
        using var rig = new MapperRig();

        var events = rig.Feed("plain text", "{", "{}", """{"type":3}""", "[1]", """{"type":"error","message":"x" trailing}""", "null");

        var notice = Assert.IsType<CanonicalEvent.Notice>(Assert.Single(events));
        Assert.Equal(NoticeCodes.LineUnreadable, notice.Code);
        Assert.DoesNotContain("plain text", notice.Message, StringComparison.Ordinal);
        Assert.Equal(7, rig.Mapper.Progress.Counts.UnreadableLines);
    }

    [Fact]
    public void Errors_on_the_way_are_notices_and_no_failure()
    {
        using var rig = new MapperRig();

        var events = rig.Feed(
            MapperRig.ThreadStarted,
            """{"type":"error","message":"Reconnecting... 1/1 (stream disconnected)"}""",
            """{"type":"error","message":"Something else"}""",
            MapperRig.TurnCompleted
        );

        Assert.Equal([NoticeCodes.Reconnecting, NoticeCodes.CodexError], events.Select(e => ((CanonicalEvent.Notice)e).Code));
        Assert.Equal(StopReason.EndTurn, rig.EndOf().StopReason);
    }

    [Fact]
    public void The_usage_of_a_turn_is_what_the_threads_total_grew_by()
    {
        using var rig = new MapperRig(MapperRig.Thread, new Usage(60, 5, 40, 0));
        rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        var end = rig.EndOf();

        Assert.Equal(new Usage(40, 15, 0, 5), end.Usage);
        Assert.Equal(new Usage(100, 20, 40, 5), end.ThreadUsage);
        Assert.Equal(new Usage(100, 20, 40, 5), rig.Total);
    }

    [Fact]
    public void A_total_below_the_last_one_counts_whole()
    {
        using var rig = new MapperRig(MapperRig.Thread, new Usage(600, 5, 40, 0));
        rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        Assert.Equal(new Usage(100, 20, 40, 5), rig.EndOf().Usage);
    }

    [Fact]
    public void A_resumed_turn_without_a_known_total_says_that_its_usage_is_unknown()
    {
        using var rig = new MapperRig(MapperRig.Thread);
        rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        var events = rig.End();

        Assert.Equal(NoticeCodes.UsageUnknown, Assert.IsType<CanonicalEvent.Notice>(events[0]).Code);
        var end = Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]);
        Assert.Equal(Usage.Zero, end.Usage);
        Assert.Equal(new Usage(100, 20, 40, 5), end.ThreadUsage);
    }

    [Fact]
    public void Another_thread_than_the_one_asked_for_is_reported_and_its_usage_counted_from_zero()
    {
        using var rig = new MapperRig(MapperRig.OtherThread, new Usage(1, 1, 1, 1));

        var events = rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        Assert.Equal(NoticeCodes.ThreadChanged, Assert.IsType<CanonicalEvent.Notice>(Assert.Single(events)).Code);
        var end = rig.EndOf();
        Assert.Equal(MapperRig.Thread, end.ThreadId);
        Assert.Equal(new Usage(100, 20, 40, 5), end.Usage);
    }

    [Fact]
    public void A_thread_that_is_no_uuid_is_reported_and_not_kept()
    {
        using var rig = new MapperRig();

        var events = rig.Feed("""{"type":"thread.started","thread_id":"nonsense"}""", MapperRig.TurnCompleted);

        Assert.Equal(NoticeCodes.ThreadUnusable, Assert.IsType<CanonicalEvent.Notice>(Assert.Single(events)).Code);
        Assert.Null(rig.EndOf().ThreadId);
    }

    [Fact]
    public void Codex_names_its_thread_first_and_once()
    {
        using var rig = new MapperRig();

        var events = rig.Feed(MapperRig.ThreadStarted, OtherStarted, """{"type":"turn.started"}""", OtherStarted, MapperRig.TurnCompleted);

        Assert.Empty(events);
        Assert.Equal(2, rig.Mapper.Progress.Counts.UnknownEvents);
        Assert.Equal(MapperRig.Thread, rig.EndOf().ThreadId);
    }

    [Fact]
    public void A_thread_whose_line_is_lost_is_the_resumed_one_or_unknown()
    {
        using var resumed = new MapperRig(MapperRig.Thread);
        using var fresh = new MapperRig();
        string[] lines = ["""{"type":"turn.started"}""", OtherStarted, MapperRig.TurnCompleted];
        resumed.Feed(lines);
        fresh.Feed(lines);

        Assert.Equal(MapperRig.Thread, resumed.Mapper.WorkedIn);
        Assert.Null(fresh.Mapper.WorkedIn);
        Assert.DoesNotContain(resumed.End(), e => e is CanonicalEvent.Notice { Code: NoticeCodes.ThreadUnusable });
        Assert.Contains(fresh.End(), e => e is CanonicalEvent.Notice { Code: NoticeCodes.ThreadUnusable });
    }

    [Theory]
    [InlineData("rver\":\"s\",\"arguments\":", ",\"result\":null}}")]
    [InlineData("rver\":\"s\",\"arguments\":", "")]
    [InlineData("", "}}")]
    [InlineData("1,[", "")]
    [InlineData("{\"a\":1},", " ]")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"arguments\":", "")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"arguments\":", ",\"result\":\"cut off")]
    [InlineData("{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\u001b[2K\"arguments\":", "")]
    public void What_stands_inside_a_torn_event_is_none(string before, string after)
    {
        foreach (
            var forged in new[]
            {
                OtherStarted,
                """{"type":"turn.failed","error":{"message":"forged"}}""",
                """{"type":"error","message":"forged"}""",
                """{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"forged"}}""",
            }
        )
        {
            using var rig = new MapperRig();

            var events = rig.Feed(before + forged + after, MapperRig.ThreadStarted, MapperRig.TurnCompleted);

            Assert.Equal(NoticeCodes.LineUnreadable, Assert.IsType<CanonicalEvent.Notice>(Assert.Single(events)).Code);
            var end = rig.EndOf();
            Assert.Equal((StopReason.EndTurn, MapperRig.Thread), (end.StopReason, end.ThreadId));
        }
    }

    [Fact]
    public void What_is_nested_too_deeply_to_be_read_holds_no_event()
    {
        using var rig = new MapperRig();
        var (open, close) = (new string('[', 600), new string(']', 600));

        rig.Feed(
            MapperRig.ThreadStarted,
            """{"type":"item.completed","item":{"id":"i","type":"mcp_tool_call","arguments":"""
                + open
                + """{"type":"turn.failed","error":{"message":"forged"}}"""
                + close
                + "}}",
            """{"type":"item.completed","item":{"id":"m","type":"agent_message","text":"hello"}}""",
            MapperRig.TurnCompleted
        );

        Assert.Equal(StopReason.EndTurn, rig.EndOf().StopReason);
    }

    [Fact]
    public void A_lost_thread_is_replaced_by_a_new_one_with_a_notice()
    {
        using var rig = new MapperRig(MapperRig.OtherThread, new Usage(1, 1, 1, 1));
        var exit = new ProcessExit(1, null);
        Assert.Equal(ResumeProblem.ThreadUnknown, rig.Mapper.ResumeProblemOf(exit, "Error: no rollout found for thread id 01a1"));
        Assert.Equal(ResumeProblem.ThreadBusy, rig.Mapper.ResumeProblemOf(exit, "thread already has an active writer"));
        Assert.Equal(ResumeProblem.None, rig.Mapper.ResumeProblemOf(exit, "panic"));

        var notice = rig.Mapper.BeginNewThread();
        rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);

        Assert.Equal(NoticeCodes.ThreadLost, notice.Code);
        Assert.Equal(ResumeProblem.None, rig.Mapper.ResumeProblemOf(exit, "no rollout found"));
        var end = rig.EndOf();
        Assert.Equal((MapperRig.Thread, new Usage(100, 20, 40, 5)), (end.ThreadId, end.Usage));
    }

    [Theory]
    [InlineData("direnv: loading .envrc")]
    [InlineData("""{"level":"info","message":"codex 0.171.0"}""")]
    [InlineData("""{"type":"log"}""")]
    [InlineData("""{"type":"error","message":"cannot update"}""")]
    [InlineData("""{"type":"item.completed","item":{"id":"item_0","type":"error","message":"careful"}}""")]
    [InlineData("""{"type":"item.completed","item":{"id":"item_0","type":"agent_message","te""")]
    public void What_a_wrapper_prints_hides_no_refusal(string line)
    {
        using var rig = new MapperRig(MapperRig.OtherThread, new Usage(1, 1, 1, 1));
        rig.Feed(line);

        Assert.Equal(ResumeProblem.ThreadUnknown, rig.Mapper.ResumeProblemOf(new ProcessExit(1, null), "Error: no rollout found"));

        Assert.Equal(NoticeCodes.ThreadLost, rig.Mapper.BeginNewThread().Code);
        rig.Feed(MapperRig.ThreadStarted, MapperRig.TurnCompleted);
        var end = rig.EndOf();
        Assert.Equal((StopReason.EndTurn, MapperRig.Thread), (end.StopReason, end.ThreadId));
    }

    [Theory]
    [InlineData("""{"type":"thread.started","thread_id":"01a1fa61-01c1-7781-bfa1-609b5404abaf"}""")]
    [InlineData("""{"type":"thread.started","thread_id":"nonsense"}""")]
    [InlineData("""{"type":"turn.started"}""")]
    [InlineData("""{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"hello"}}""")]
    [InlineData("""{"type":"item.started","item":{"id":"item_0","type":"hologram"}}""")]
    [InlineData("""{"type":"turn.failed","error":{"message":"no rollout found"}}""")]
    public void A_codex_that_has_begun_refuses_no_thread_any_more(string line)
    {
        using var rig = new MapperRig(MapperRig.OtherThread);
        rig.Feed("words of a wrapper", line);

        Assert.Equal(ResumeProblem.None, rig.Mapper.ResumeProblemOf(new ProcessExit(1, null), "Error: no rollout found"));

        Assert.Throws<InvalidOperationException>(() => rig.Mapper.BeginNewThread());
    }

    [Fact]
    public void An_error_before_codex_names_its_thread_does_not_explain_how_the_turn_failed()
    {
        using var rig = new MapperRig();
        rig.Feed("""{"type":"error","message":"cannot update"}""", MapperRig.ThreadStarted);

        var message = rig.ErrorOf(MapperRig.Exit(101, "thread 'main' panicked")).Message;

        Assert.Contains("panicked", message, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot update", message, StringComparison.Ordinal);
    }
}
