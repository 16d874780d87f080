using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Events;

public sealed class CanonicalJsonSpecs
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");

    private static readonly ApprovalQuestion Question = new(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.FileChange)
    {
        Item = "i",
        Command = "c",
        Cwd = "/w",
        Reason = "r",
        Details = """{"changes":[1]}""",
    };

    public static TheoryData<CanonicalEvent, string> Lines =>
        new()
        {
            {
                new CanonicalEvent.MessageStart(TurnId.Parse("t"), AgentId.Parse("a"), true),
                """{"seq":3,"type":"message_start","turn_id":"t","agent_id":"a","resumed":true}"""
            },
            {
                new CanonicalEvent.MessageStart(TurnId.Parse("t"), AgentId.Parse("a"), false)
                {
                    Backend = BackendKind.Exec,
                    BackendReason = "r",
                },
                """{"seq":3,"type":"message_start","turn_id":"t","agent_id":"a","resumed":false,"backend":"exec","backend_reason":"r"}"""
            },
            { new CanonicalEvent.TextDelta("a\n\"😀\" <é>"), """{"seq":3,"type":"text_delta","text":"a\n\"\uD83D\uDE00\" <é>"}""" },
            { new CanonicalEvent.ThinkingDelta("hm"), """{"seq":3,"type":"thinking_delta","text":"hm"}""" },
            {
                new CanonicalEvent.TextDelta("h") { Item = "m" },
                """{"seq":3,"type":"text_delta","item":"m","text":"h"}"""
            },
            {
                new CanonicalEvent.ThinkingDelta("h") { Item = "r" },
                """{"seq":3,"type":"thinking_delta","item":"r","text":"h"}"""
            },
            {
                new CanonicalEvent.Activity("""{"id":"i"}"""u8.ToArray(), ActivityPhase.Updated),
                """{"seq":3,"type":"activity","item":{"id":"i"},"phase":"updated"}"""
            },
            { new CanonicalEvent.Notice("reconnecting", "m"), """{"seq":3,"type":"notice","code":"reconnecting","message":"m"}""" },
            {
                new CanonicalEvent.Notice("text_discarded", "m") { Item = "i" },
                """{"seq":3,"type":"notice","code":"text_discarded","item":"i","message":"m"}"""
            },
            { new CanonicalEvent.Steer("now", "token:ci"), """{"seq":3,"type":"steer","text":"now","by":"token:ci"}""" },
            {
                new CanonicalEvent.Steer("now", "owner") { IsUncertain = true },
                """{"seq":3,"type":"steer","text":"now","by":"owner","uncertain":true}"""
            },
            {
                new CanonicalEvent.ApprovalRequest(Question, DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_042)),
                """{"seq":3,"type":"approval_request","id":"q-5b1d4357","kind":"file_change","item":"i","command":"c","cwd":"/w","""
                    + "\"reason\":\"r\",\"details\":{\"changes\":[1]},\"expires_at\":\"2027-01-15T08:00:00.042Z\"}"
            },
            {
                new CanonicalEvent.ApprovalRequest(
                    new ApprovalQuestion(Question.Id, ApprovalKind.FileChange) { IsCut = true },
                    DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)
                ),
                """{"seq":3,"type":"approval_request","id":"q-5b1d4357","kind":"file_change","cut":true,"""
                    + "\"expires_at\":\"2027-01-15T08:00:00.000Z\"}"
            },
            {
                new CanonicalEvent.ApprovalAnswer(Question.Id, ApprovalDecision.AcceptForSession, "token:ci"),
                """{"seq":3,"type":"approval_answer","id":"q-5b1d4357","decision":"accept_for_session","by":"token:ci"}"""
            },
            {
                new CanonicalEvent.ToolCall("call_1", "memory_get", "mcp__x", "{\"k\":1}"),
                """{"seq":3,"type":"tool_call","id":"call_1","name":"memory_get","namespace":"mcp__x","arguments":"{\"k\":1}"}"""
            },
            {
                new CanonicalEvent.ToolCall("call_1", "exec_command", null, "{}"),
                """{"seq":3,"type":"tool_call","id":"call_1","name":"exec_command","namespace":null,"arguments":"{}"}"""
            },
            {
                new CanonicalEvent.ToolResult("call_1", "out", true),
                """{"seq":3,"type":"tool_result","id":"call_1","output":"out","is_error":true}"""
            },
            {
                new CanonicalEvent.Error("c", "m", TurnErrorClass.UsageLimit, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), true),
                """{"seq":3,"type":"error","code":"c","message":"m","class":"usage_limit","resets_at":1800000000,"retryable":true}"""
            },
            {
                new CanonicalEvent.Error("c", "m", TurnErrorClass.Process, null, false),
                """{"seq":3,"type":"error","code":"c","message":"m","class":"process","retryable":false}"""
            },
            {
                new CanonicalEvent.MessageEnd(
                    StopReason.EndTurn,
                    new Usage(1, 2, 3, 4),
                    new Usage(5, 6, 7, 8),
                    Thread,
                    TimeSpan.FromSeconds(1.5)
                ),
                """{"seq":3,"type":"message_end","stop_reason":"end_turn","usage":"""
                    + """{"input_tokens":1,"output_tokens":2,"cache_read_tokens":3,"thinking_tokens":4}"""
                    + ""","thread_usage":{"input_tokens":5,"output_tokens":6,"cache_read_tokens":7,"thinking_tokens":8}"""
                    + ""","thread_id":"01a1fa61-01c1-7781-bfa1-609b5404abaf","duration_ms":1500}"""
            },
            {
                new CanonicalEvent.MessageEnd(
                    StopReason.Cancelled,
                    Usage.Zero,
                    Usage.Zero,
                    null,
                    TimeSpan.Zero,
                    new RateLimits(
                        new RateLimitWindow(300, 99.5, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)),
                        new RateLimitWindow(10_080, 4, null)
                    )
                ),
                """{"seq":3,"type":"message_end","stop_reason":"cancelled","usage":"""
                    + """{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0,"thinking_tokens":0}"""
                    + ""","thread_usage":{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0,"thinking_tokens":0}"""
                    + ""","thread_id":null,"duration_ms":0,"rate_limits":{"primary":{"window_minutes":300,"used_percent":99.5"""
                    + ""","resets_at":1800000000},"secondary":{"window_minutes":10080,"used_percent":4}}}"""
            },
        };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Events_have_the_field_names_of_the_protocol(CanonicalEvent value, string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(CanonicalJson.ToLine(3, value)));

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_time_of_an_event_stands_last_and_is_ignored_by_who_does_not_know_it(CanonicalEvent value, string line)
    {
        var timed = CanonicalJson.ToLine(3, value, new DateTimeOffset(2026, 5, 4, 20, 9, 1, 42, TimeSpan.FromHours(2)));

        Assert.Equal($"{line[..^1]},\"at\":\"2026-05-04T18:09:01.042Z\"}}", Encoding.UTF8.GetString(timed));
        Assert.True(CanonicalJsonReader.TryRead(timed, out _, out var read));
        Assert.Equal(CanonicalJson.ToLine(3, value), CanonicalJson.ToLine(3, read));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Events_are_read_back(CanonicalEvent value, string line)
    {
        Assert.True(
            CanonicalJsonReader.TryRead(
                Encoding.UTF8.GetBytes(line.Replace("\"seq\"", "\"new\":[{}],\"seq\"", StringComparison.Ordinal)),
                out var seq,
                out var read
            )
        );

        Assert.Equal(3, seq);
        Assert.Equal(CanonicalJson.ToLine(3, value), CanonicalJson.ToLine(3, read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"future\",\"seq\":1}")]
    [InlineData("{\"type\":7}")]
    [InlineData("{\"type\":\"message_start\"}")]
    public void What_is_no_event_is_passed_over(string line) =>
        Assert.False(CanonicalJsonReader.TryRead(Encoding.UTF8.GetBytes(line), out _, out _));

    [Fact]
    public void Every_text_comes_back_and_stays_on_its_line()
    {
        Prop.ForAll<string>(text =>
            {
                var line = CanonicalJson.ToLine(1, new CanonicalEvent.TextDelta(text ?? ""));
                return !line.Contains((byte)'\n')
                    && CanonicalJsonReader.TryRead(line, out _, out var read)
                    && ((CanonicalEvent.TextDelta)read).Text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Every_window_of_an_allowance_comes_back()
    {
        Prop.ForAll<(NonNegativeInt Minutes, NormalFloat Used, PositiveInt ResetsAt), bool>(
                (window, both) =>
                {
                    var primary = new RateLimitWindow(
                        window.Minutes.Get,
                        window.Used.Get,
                        DateTimeOffset.FromUnixTimeSeconds(window.ResetsAt.Get)
                    );
                    var end = new CanonicalEvent.MessageEnd(
                        StopReason.EndTurn,
                        Usage.Zero,
                        Usage.Zero,
                        null,
                        TimeSpan.Zero,
                        new RateLimits(primary, both ? primary with { ResetsAt = null } : null)
                    );
                    return CanonicalJsonReader.TryRead(CanonicalJson.ToLine(1, end), out _, out var read) && read.Equals(end);
                }
            )
            .Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Every_class_of_errors_has_a_name_of_its_own() =>
        Assert.All(Enum.GetValues<TurnErrorClass>(), value => Assert.Equal(value, TurnErrorClassNames.Parse(value.ToWireName())));
}
