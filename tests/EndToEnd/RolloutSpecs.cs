using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>What the real codex notes of a turn in its rollout, as the turn's events.</summary>
public sealed class RolloutSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task Shell_and_MCP_calls_are_reported_with_the_models_own_ids_before_the_end(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        NotesServer.AddTo(rig);

        var turn = (
            await rig.SayAsync("!run echo from-the-shell\n!mcp notes get {\"key\":\"k1\"}\n!mcp notes fail\n!run exit 3\n!say done")
        ).Said("done");

        var events = turn.Events.SkipWhile(value => value is not CanonicalEvent.ToolCall).ToList();
        var calls = events.OfType<CanonicalEvent.ToolCall>().ToList();
        var results = events.OfType<CanonicalEvent.ToolResult>().ToList();
        Assert.Equal(IdsOfTheModel(turn.Thread), calls.Select(call => call.Id));
        Assert.Equal(
            [
                (null, "exec_command", """{"cmd":"echo from-the-shell"}"""),
                ("mcp__notes", "get", """{"key":"k1"}"""),
                ("mcp__notes", "fail", "{}"),
                (null, "exec_command", """{"cmd":"exit 3"}"""),
            ],
            calls.Select(call => (call.Namespace, call.Name, call.Arguments))
        );
        Assert.Equal(calls.Select(call => call.Id), results.Select(result => result.Id));
        Assert.Equal([false, false, true, true], results.Select(result => result.IsError));
        Assert.Contains("from-the-shell", results[0].Output, StringComparison.Ordinal);
        Assert.EndsWith("\na note", results[1].Output, StringComparison.Ordinal);
        Assert.Equal(8, events.Count(value => value is CanonicalEvent.ToolCall or CanonicalEvent.ToolResult));
    }

    [Theory]
    [EachBackend]
    public async Task A_resumed_turn_reports_only_its_own_calls(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var first = (await rig.SayAsync("!run echo one\n!say done")).Succeeded();
        var second = (await rig.SayAsync("No calls.")).Succeeded();
        var third = (await rig.SayAsync("!run echo three\n!say done")).Succeeded();

        Assert.Equal(first.Thread, third.Thread);
        Assert.Equal("""{"cmd":"echo one"}""", Assert.Single(first.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.Empty(second.Events.OfType<CanonicalEvent.ToolCall>());
        Assert.Equal("""{"cmd":"echo three"}""", Assert.Single(third.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
    }

    [Theory]
    [InlineData("Before.", "Before.")]
    [InlineData("!run echo one\n!say done", "done")]
    public async Task A_message_that_a_filter_takes_out_of_exec_s_output_is_told_all_the_same(string prompt, string answer)
    {
        using var place = new TemporaryDirectory();
        var filter = place.Write("codex", $"#!/bin/sh\n'{CodexRig.Codex}' \"$@\" | grep -v agent_message\n");
        File.SetUnixFileMode(filter, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var rig = new CodexRig(model.Server) { Binary = filter };

        var turn = (await rig.SayAsync(prompt)).Said(answer);

        Assert.Contains(NoticeCodes.AnswerRecovered, turn.NoticeCodes);
        Assert.DoesNotContain(NoticeCodes.NoFinalMessage, turn.NoticeCodes);
    }

    [Theory]
    [EachBackend]
    public async Task A_thread_that_codex_unpacks_reports_only_the_calls_of_its_new_turn(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var first = (await rig.SayAsync("!run echo one\n!say done")).Succeeded();
        var rollout = rig.RolloutsOf(first.Thread).Single();
        CodexRig.Compress(rollout);

        var second = (await rig.SayAsync("!run echo two\n!say done")).Succeeded();

        Assert.Equal((first.Thread, rollout), (second.Thread, rig.RolloutsOf(first.Thread).Single()));
        Assert.Equal("""{"cmd":"echo two"}""", Assert.Single(second.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.DoesNotContain(second.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.RolloutUnreadable });
    }

    [Theory]
    [EachBackend]
    public async Task A_used_up_allowance_has_its_class_and_the_time_at_which_it_comes_back(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);

        var turn = await rig.SayAsync("!fail limit");

        var resetsAt = DateTimeOffset.FromUnixTimeSeconds(4_102_444_800);
        Assert.Equal((TurnErrorClass.UsageLimit, resetsAt, true), (turn.Error!.Class, turn.Error.ResetsAt, turn.Error.Retryable));
        Assert.Contains("usage limit", turn.Error.Message, StringComparison.Ordinal);
        Assert.Equal(new RateLimitWindow(300, 100, resetsAt), turn.End.RateLimits?.Primary);
    }

    [Theory]
    [EachBackend]
    public async Task A_cancelled_turn_reports_the_call_that_it_was_in_and_its_tokens(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var turn = rig.Begin("!usage 100 10\n!run echo first\n!say between\n!run sleep 600\n!say never");
        await turn.FirstAsync<CanonicalEvent.Activity>(activity =>
            activity.Phase == ActivityPhase.Started
            && System.Text.Encoding.UTF8.GetString(activity.Item.Span).Contains("sleep 600", StringComparison.Ordinal)
        );

        turn.Cancel();
        var story = await turn.EndAsync();

        Assert.Equal(StopReason.Cancelled, story.End.StopReason);
        Assert.Equal(
            ["""{"cmd":"echo first"}""", """{"cmd":"sleep 600"}"""],
            story.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Arguments)
        );
        Assert.NotEqual(0, story.End.Usage.InputTokens);
    }

    private IEnumerable<string?> IdsOfTheModel(ThreadId? thread) =>
        model.Server.RequestsOf(thread)[^1].Input.Where(item => item.Type == "function_call").Select(item => item.CallId);
}
