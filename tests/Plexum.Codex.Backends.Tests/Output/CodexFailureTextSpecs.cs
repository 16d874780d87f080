using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Output;

public sealed class CodexFailureTextSpecs
{
    [Fact]
    public void An_error_followed_by_turn_failed_is_one_failure()
    {
        using var rig = new MapperRig();
        rig.Feed(
            MapperRig.ThreadStarted,
            """{"type":"error","message":"You've hit your usage limit. Try again at 6:51 PM."}""",
            """{"type":"turn.failed","error":{"message":"You've hit your usage limit. Try again at 6:51 PM."}}"""
        );

        var events = rig.End(MapperRig.Exit(1, "Reading additional input"));

        var error = Assert.Single(events.OfType<CanonicalEvent.Error>());
        Assert.Equal(("usage_limit_exceeded", TurnErrorClass.UsageLimit, true), (error.Code, error.Class, error.Retryable));
        Assert.StartsWith("You've hit your usage limit. Try again at 6:51 PM. Wait", error.Message, StringComparison.Ordinal);
        Assert.Equal(StopReason.Error, Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]).StopReason);
    }

    [Fact]
    public void An_exit_that_is_not_zero_is_a_failure_before_turn_completed()
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted);

        var error = rig.ErrorOf(MapperRig.Exit(101, "thread 'main' panicked"));

        Assert.Equal("codex_exited", error.Code);
        Assert.Equal("codex exited with 101 without finishing the turn. Its last output: thread 'main' panicked", error.Message);
    }

    [Fact]
    public void Output_that_ends_without_turn_completed_is_a_failure()
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted);

        var error = rig.ErrorOf(MapperRig.Exit());

        Assert.Equal(("turn_incomplete", TurnErrorClass.Process), (error.Code, error.Class));
        Assert.StartsWith("codex exited with 0 without finishing the turn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_in_which_nothing_was_understood_says_how_many_lines_there_were()
    {
        using var pretty = new MapperRig();
        using var wide = new MapperRig();
        using var one = new MapperRig();
        pretty.Feed("{", """  "type": "thread.started",""", """  "item": null""", "}", "{", """  "type": "of.tomorrow",""", "}");
        wide.Feed(Encoding.Unicode.GetBytes(MapperRig.ThreadStarted + MapperRig.TurnCompleted));
        one.Feed(MapperRig.ThreadStarted, "of tomorrow");

        Assert.Equal(
            "codex exited with 0 without finishing the turn, and 7 lines of its output were not understood. It printed no error. "
                + "Run plexum-codex doctor.",
            pretty.ErrorOf(MapperRig.Exit()).Message
        );
        Assert.Contains("and a line of its output was not", wide.ErrorOf(MapperRig.Exit()).Message, StringComparison.Ordinal);
        Assert.Equal(
            "codex exited with 1 without finishing the turn, and a line of its output was not understood. Its last output: it fell",
            one.ErrorOf(MapperRig.Exit(1, "it fell")).Message
        );
    }

    [Fact]
    public void A_process_that_a_signal_ended_is_a_failure_that_names_it()
    {
        using var rig = new MapperRig();

        var error = rig.ErrorOf(new ExecEnd(ExecEndCause.Exited, new ProcessExit(null, 9)));

        Assert.Contains("signal 9 (SIGKILL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_on_stderr_are_reported_only_when_codex_said_nothing_else()
    {
        using var rig = new MapperRig();
        rig.Feed("""{"type":"error","message":"stream disconnected before completion: closed"}""");

        var error = rig.ErrorOf(MapperRig.Exit(1, "noise of stderr"));

        Assert.Equal(("connection_failed", "stream disconnected before completion: closed"), (error.Code, error.Message));
    }

    [Fact]
    public void Reconnecting_is_never_the_reason_for_a_failure()
    {
        using var rig = new MapperRig();
        rig.Feed("""{"type":"error","message":"Reconnecting... 1/5"}""");

        Assert.Contains("printed no error", rig.ErrorOf(MapperRig.Exit(1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecEndCause.Cancelled, StopReason.Cancelled, 0)]
    [InlineData(ExecEndCause.TimedOut, StopReason.Timeout, 1)]
    [InlineData(ExecEndCause.StoppedAfterCompletion, StopReason.Error, 1)]
    public void A_stopped_turn_ends_for_the_reason_it_was_stopped(ExecEndCause cause, StopReason reason, int errors)
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted);

        var events = rig.End(MapperRig.Exit(143, cause: cause));

        Assert.Equal(errors, events.OfType<CanonicalEvent.Error>().Count());
        Assert.Equal(reason, Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]).StopReason);
        Assert.Equal(MapperRig.Thread, ((CanonicalEvent.MessageEnd)events[^1]).ThreadId);
    }

    [Theory]
    [InlineData(ExecEndCause.Cancelled, NoticeCodes.DidNotExit)]
    [InlineData(ExecEndCause.TimedOut, NoticeCodes.DidNotExit)]
    [InlineData(ExecEndCause.StoppedAfterCompletion, NoticeCodes.DidNotExit)]
    [InlineData(ExecEndCause.OutputTooLarge, NoticeCodes.BadExit)]
    public void A_turn_that_was_stopped_after_its_end_has_gone_well_and_says_so(ExecEndCause cause, string notice)
    {
        using var rig = new MapperRig();
        rig.Feed(
            MapperRig.ThreadStarted,
            """{"type":"item.completed","item":{"id":"m","type":"agent_message","text":"hello"}}""",
            MapperRig.TurnCompleted
        );

        var events = rig.End(new ExecEnd(cause, new ProcessExit(null, 15)));

        Assert.Equal(notice, Assert.Single(events.OfType<CanonicalEvent.Notice>()).Code);
        Assert.Equal(StopReason.EndTurn, Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]).StopReason);
    }

    [Fact]
    public void A_turn_whose_exit_nobody_saw_is_judged_by_its_output()
    {
        using var well = new MapperRig();
        using var badly = new MapperRig();
        well.Feed(MapperRig.TurnCompleted);
        var end = new ExecEnd(ExecEndCause.Exited, ProcessExit.Unknown);

        Assert.Equal(StopReason.EndTurn, well.EndOf(end).StopReason);
        Assert.Equal(StopReason.Error, badly.EndOf(end).StopReason);
    }

    [Fact]
    public void A_turn_ends_once()
    {
        using var rig = new MapperRig();
        rig.End();

        Assert.Throws<ObjectDisposedException>(() => rig.Mapper.Finish(MapperRig.Exit()));
        Assert.Throws<ObjectDisposedException>(() => rig.Feed("{}"));
    }

    [Theory]
    [InlineData(
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","message":"no such model"}}""",
        "bad_request",
        TurnErrorClass.Request,
        false
    )]
    [InlineData("unexpected status 401 Unauthorized: Missing bearer", "unauthorized", TurnErrorClass.Authentication, false)]
    [InlineData("exceeded retry limit, last status: 429 Too Many Requests", "rate_limited", TurnErrorClass.RateLimit, true)]
    [InlineData(
        "We're currently experiencing high demand, which may cause temporary errors.",
        "server_error",
        TurnErrorClass.ModelServer,
        true
    )]
    [InlineData("Quota exceeded. Check your plan and billing details.", "quota_exceeded", TurnErrorClass.UsageLimit, false)]
    [InlineData("stream disconnected before completion: EOF", "connection_failed", TurnErrorClass.Network, true)]
    [InlineData(
        "Codex ran out of room in the model's context window. Start a new thread.",
        "context_window_exceeded",
        TurnErrorClass.ContextWindow,
        false
    )]
    [InlineData("no rollout found for thread id x", "thread_unknown", TurnErrorClass.Session, true)]
    [InlineData("something new", "turn_failed", TurnErrorClass.Process, false)]
    public void Codexs_texts_have_their_class(string text, string code, TurnErrorClass @class, bool retryable)
    {
        var failure = CodexFailureText.Of(text, "turn_failed", TurnErrorClass.Process);

        Assert.Equal((code, @class, retryable), (failure.Code, failure.Class, failure.Retryable));
        Assert.StartsWith(text, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_with_a_mark()
    {
        var failure = CodexFailureText.Of(new string('x', 100_000), "turn_failed", TurnErrorClass.Process);

        Assert.InRange(failure.Message.Length, 4096, 4200);
        Assert.EndsWith("[… cut]", failure.Message, StringComparison.Ordinal);
    }
}
