using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>The main things with the newest codex that was served; all specs beside these run with the pinned one.</summary>
public sealed class NewestSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private CodexRig NewRig(BackendKind backend, params string[] assignments) =>
        CodexVersions.Rig(model, backend, PinnedCodex.Newest, assignments);

    [Theory]
    [EachBackend]
    public async Task A_thread_goes_on_with_its_calls_told_and_its_tokens_counted(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        NotesServer.AddTo(rig);
        var first = (await rig.SayAsync("!usage 100 20\n!run echo one\n!mcp notes get {\"key\":\"k1\"}\n!say one")).Said("one");
        var second = (await rig.SayAsync("!usage 10 2\n!recall")).Succeeded();

        Assert.Equal((first.Thread, true), (second.Thread, second.Start.Resumed));
        Assert.Equal(
            [(null, "exec_command"), ("mcp__notes", "get")],
            first.Events.OfType<CanonicalEvent.ToolCall>().Select(call => (call.Namespace, call.Name))
        );
        Assert.Empty(second.Events.OfType<CanonicalEvent.ToolCall>());
        Assert.Equal((200L, 10L), (first.End.Usage.InputTokens, second.End.Usage.InputTokens));
        Assert.DoesNotContain(NoticeCodes.LineUnreadable, first.NoticeCodes.Concat(second.NoticeCodes));
    }

    [Theory]
    [EachBackend]
    public async Task A_consumed_call_reaches_the_model_as_its_marker(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        var turn = (await rig.SayAsync("!run echo one\n!say done")).Said("done");

        var answer = await rig.ConsumeAsync(CallToConsume.Heavy, turn.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id));
        (await rig.SayAsync("next")).Said("next");

        Assert.Equal(1, Assert.IsType<ConsumeAnswer.Done>(answer).Result.Touched);
        var input = model.Server.RequestsOf(turn.Thread)[^1].Input;
        Assert.Equal("...(tool called)", Assert.Single(input, item => item.Type == "function_call_output").Output);
    }

    [Theory]
    [EachBackend]
    public async Task A_tool_of_the_host_is_called(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        var host = new TestToolHandler(("get", call => TestToolHandler.Say(call, "a value")));

        var turn = (await rig.Begin("!mcp plexum-host-alice get {\"key\":\"k1\"}\n!outputs", host).EndAsync()).Succeeded();

        Assert.EndsWith("a value", turn.Text, StringComparison.Ordinal);
        Assert.Single(host.Calls);
    }

    [Theory]
    [EachBackend]
    public async Task A_cancelled_turn_leaves_a_thread_that_continues(BackendKind backend)
    {
        await using var rig = NewRig(backend, "turns.interrupt-grace=10m");
        const string Prompt = "!run touch here; sleep 3600\n!say never said";
        var turn = rig.Begin(Prompt);
        await Limits.UntilAsync(() => File.Exists(Path.Combine(rig.Workspace(), "here")));
        turn.Cancel();
        var cancelled = await turn.EndAsync();

        Assert.Equal(StopReason.Cancelled, cancelled.End.StopReason);
        await rig.GoneAsync();
        Assert.Equal(cancelled.Thread, (await rig.SayAsync("!recall")).Said(Prompt).Thread);
    }

    [Theory]
    [EachBackend]
    public async Task A_used_up_allowance_has_its_class_and_its_time(BackendKind backend)
    {
        await using var rig = NewRig(backend);

        var turn = await rig.SayAsync("!fail limit");

        Assert.Equal(
            ("usage_limit_exceeded", TurnErrorClass.UsageLimit, DateTimeOffset.FromUnixTimeSeconds(4_102_444_800)),
            (turn.Error!.Code, turn.Error.Class, turn.Error.ResetsAt)
        );
    }

    [Theory]
    [EachBackend]
    public async Task A_thread_that_codex_does_not_know_gives_way_to_a_new_one(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        (await rig.SayAsync("A neighbour.", "bob")).Succeeded();
        var lost = (await rig.SayAsync("Soon forgotten.")).Succeeded();
        File.Delete(rig.RolloutsOf(lost.Thread).Single());

        var fresh = (await rig.SayAsync("Hello.")).Said("Hello.");

        Assert.Contains(NoticeCodes.ThreadLost, fresh.NoticeCodes);
        Assert.NotEqual(lost.Thread, fresh.Thread);
    }
}
