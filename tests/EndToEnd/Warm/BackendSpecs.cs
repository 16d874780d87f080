using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>What a host sees of a turn is the same with a process a turn and with the warm server.</summary>
public sealed class BackendSpecs(WarmStage stage) : IClassFixture<WarmStage>
{
    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_thread_goes_on_with_its_calls_told_and_the_tokens_of_each_turn(string backend)
    {
        var agent = $"thread-{backend}";
        const string Prompt = "!usage 100 20\n!run echo one\n!think hm\n!run echo two\n!say done";

        var first = (await stage.SayAsync(agent, backend, Prompt)).Said("done");
        var calls = stage.CallsIn(first.Thread);
        var second = (await stage.SayAsync(agent, backend, "!usage 10 2\n!recall")).Said(Prompt);

        Assert.Equal((first.Thread, false, true), (second.Thread, first.Start.Resumed, second.Start.Resumed));
        Assert.Equal(2, calls.Count);
        Assert.Equal(calls, first.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id));
        var results = first.Events.OfType<CanonicalEvent.ToolResult>().ToList();
        Assert.Equal(calls, results.Select(result => result.Id));
        Assert.Contains("one", results[0].Output, StringComparison.Ordinal);
        Assert.Contains("two", results[1].Output, StringComparison.Ordinal);
        Assert.Empty(second.Events.OfType<CanonicalEvent.ToolCall>());
        Assert.Equal((300L, 60L), (first.End.Usage.InputTokens, first.End.Usage.OutputTokens));
        Assert.Equal((10L, 2L), (second.End.Usage.InputTokens, second.End.Usage.OutputTokens));
        Assert.Equal((310L, 62L), (second.End.ThreadUsage.InputTokens, second.End.ThreadUsage.OutputTokens));
    }

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_turn_cancelled_during_a_command_leaves_no_process_and_a_thread_that_continues(string backend)
    {
        var agent = $"cancel-{backend}";
        const string Prompt = "!run echo $$ > pid; sleep 3600 & echo $! > child; touch here; sleep 3600\n!say never said";
        var turn = await stage.SubmitAsync(agent, backend, Prompt);
        await stage.MadeAsync(agent, "here");

        Assert.Equal("stopping", await stage.Api.CancelAsync(turn));
        var cancelled = await stage.EndAsync(turn);

        Assert.Equal((StopReason.Cancelled, ""), (cancelled.End.StopReason, cancelled.Text));
        await ProcessProbe.GoneAsync(stage.PidOf(agent, "pid"));
        await ProcessProbe.GoneAsync(stage.PidOf(agent, "child"));
        Assert.Equal(cancelled.Thread, (await stage.SayAsync(agent, backend, "!recall")).Said(Prompt).Thread);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_failure_of_the_model_has_its_class_and_the_thread_goes_on(string backend)
    {
        var agent = $"fail-{backend}";

        var limit = await stage.SayAsync(agent, backend, "!fail limit");
        var context = await stage.SayAsync(agent, backend, "!fail context");
        var next = (await stage.SayAsync(agent, backend, "Still here.")).Said("Still here.");

        Assert.Equal(
            ("usage_limit_exceeded", TurnErrorClass.UsageLimit, true, DateTimeOffset.FromUnixTimeSeconds(4_102_444_800)),
            (limit.Error!.Code, limit.Error.Class, limit.Error.Retryable, limit.Error.ResetsAt)
        );
        Assert.Equal(
            ("context_window_exceeded", TurnErrorClass.ContextWindow, false, (DateTimeOffset?)null),
            (context.Error!.Code, context.Error.Class, context.Error.Retryable, context.Error.ResetsAt)
        );
        Assert.Equal(limit.Thread, next.Thread);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task The_pieces_of_a_message_are_the_message_and_a_later_reader_gets_it_whole(string backend)
    {
        var agent = $"stream-{backend}";
        var text = string.Join(' ', Enumerable.Repeat("words", 60));
        var turn = await stage.SubmitAsync(agent, backend, $"!stream {text}");

        Assert.Equal([text], (await stage.EndAsync(turn)).Succeeded().Messages);

        await Limits.UntilAsync(async () => (await stage.Api.EventsAsync(turn)).Texts() is [var whole] && whole == text);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Crossings), MemberType = typeof(WarmStage))]
    public async Task A_thread_begun_with_one_backend_goes_on_with_the_other_and_back_with_consumes_between(string begun, string other)
    {
        var agent = $"cross-{begun}";

        var first = (await stage.SayAsync(agent, begun, "!run echo one\n!say first")).Said("first");
        await stage.ConsumeAsync(agent, first, 1);
        var second = (await stage.SayAsync(agent, other, "!run echo two\n!say second")).Said("second");
        Assert.Equal("...(consumed)", stage.OutputsIn(first.Thread)[0]);
        await stage.ConsumeAsync(agent, second, 1);
        var third = (await stage.SayAsync(agent, begun, "!recall")).Succeeded();

        Assert.Equal((first.Thread, first.Thread), (second.Thread, third.Thread));
        Assert.Equal(["...(consumed)", "...(consumed)"], stage.OutputsIn(first.Thread));
        Assert.Equal("!run echo one\n!say first\n!run echo two\n!say second", third.Text);
    }
}
