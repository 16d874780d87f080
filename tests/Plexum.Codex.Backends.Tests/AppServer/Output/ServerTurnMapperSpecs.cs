using System.Text;
using System.Text.Json;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

public sealed class ServerTurnMapperSpecs
{
    public static TheoryData<string> Versions => ["0.169", "0.171"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Work_is_told_in_the_shape_that_exec_gives_it(string version)
    {
        var rig = ServerRig.Of($"{version}-work.jsonl");

        var end = rig.End();

        Assert.IsType<BackendResult.Completed>(end.Result);
        Assert.Equal("First part.\nSecond part.", string.Concat(rig.Events.OfType<CanonicalEvent.ThinkingDelta>().Select(e => e.Text)));
        Assert.Equal("I look.All done.", rig.Text);
        var done = ItemsOf(rig, ActivityPhase.Completed);
        Assert.Equal(
            ["command_execution", "file_change", "dynamic_tool_call", "command_execution"],
            done.Select(item => item.TextOf("type"))
        );
        Assert.Equal(done.Select(item => item.TextOf("id")), ItemsOf(rig, ActivityPhase.Started).Select(item => item.TextOf("id")));
        Assert.Equal("hi\nthere\n", done[0].TextOf("aggregated_output"));
        Assert.Equal("completed", done[0].TextOf("status"));
        var change = Assert.Single(done[1].ListOf("changes"));
        Assert.Equal(("add", "hello\n"), (change.TextOf("kind"), change.TextOf("diff")));
        Assert.Equal(3, done[3].CountOf("exit_code"));
        Assert.StartsWith("call_", done[3].TextOf("id"), StringComparison.Ordinal);
        Assert.Equal(42, end.RateLimits?.Primary?.UsedPercent);
        Assert.Equal(new Usage(500, 100, 50, 25), end.Usage);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Text_that_a_steer_throws_away_is_named(string version)
    {
        var rig = ServerRig.Of($"{version}-steered.jsonl");

        Assert.IsType<BackendResult.Completed>(rig.End().Result);
        var notice = Assert.Single(rig.Events.OfType<CanonicalEvent.Notice>(), e => e.Code == NoticeCodes.TextDiscarded);
        var discarded = rig.Events.OfType<CanonicalEvent.TextDelta>().First().Item!;
        Assert.Equal(discarded, notice.Item);
        Assert.Contains(discarded, notice.Message, StringComparison.Ordinal);
        Assert.Equal("Steered.", string.Concat(TextsBut(rig, discarded)));
    }

    [Theory]
    [InlineData("usage-limit", "usage_limit_exceeded", TurnErrorClass.UsageLimit, true)]
    [InlineData("bad-request", "bad_request", TurnErrorClass.Request, false)]
    [InlineData("context", "context_window_exceeded", TurnErrorClass.ContextWindow, false)]
    public void A_failure_has_the_code_that_exec_gives_it(string file, string code, TurnErrorClass kind, bool retryable)
    {
        foreach (var version in new[] { "0.169", "0.171" })
        {
            var failed = Assert.IsType<BackendResult.Failed>(ServerRig.Of($"{version}-{file}.jsonl").End().Result);

            Assert.Equal((code, kind, retryable), (failed.Failure.Code, failed.Failure.Class, failed.Failure.Retryable));
            Assert.Equal(code == "usage_limit_exceeded", failed.Failure.ResetsAt is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_interrupted_turn_is_stopped_if_it_was_told_to(string version)
    {
        var stopped = Assert.IsType<BackendResult.Stopped>(ServerRig.Of($"{version}-interrupted.jsonl").End(StopCause.Cancelled).Result);

        Assert.Equal(StopCause.Cancelled, stopped.Cause);
        var failed = Assert.IsType<BackendResult.Failed>(ServerRig.Of($"{version}-interrupted.jsonl").End().Result);
        Assert.Equal("turn_incomplete", failed.Failure.Code);
    }

    [Fact]
    public void A_turn_that_is_resumed_as_interrupted_while_it_ends_is_done_by_its_rollout()
    {
        var rig = new ServerRig();
        using var turn = JsonDocument.Parse($$"""{"id":"{{ServerRig.TurnId}}","status":"interrupted","items":[]}""");
        rig.Mapper.Resume(turn.RootElement);
        var recorded = new RecordedMessages(1, "done", true, IsWhole: true) { End = new RecordedEnd("done") };

        var end = rig.End(findings: new RolloutFindings { Messages = recorded });

        Assert.IsType<BackendResult.Completed>(end.Result);
        Assert.Equal("done", end.Answer);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_turn_that_another_process_told_in_part_is_told_to_its_end_and_nothing_twice(string version)
    {
        var all = ServerRig.Of($"{version}-work.jsonl").Events;
        for (var known = 0; known <= all.Count; known++)
        {
            var logged = new LoggedTurn();
            foreach (var value in all.Take(known))
            {
                logged.Count(value);
            }

            var rig = new ServerRig(logged);
            using var turn = JsonDocument.Parse(FinishedTurn(version));
            rig.Mapper.Resume(turn.RootElement);
            rig.End();

            CanonicalEvent[] together = [.. all.Take(known), .. rig.Events];
            Assert.Equal(WholeTexts(all), WholeTexts(together));
            Assert.Equal(PhasesOf(all, ActivityPhase.Completed), PhasesOf(together, ActivityPhase.Completed));
        }
    }

    [Fact]
    public void What_belongs_to_another_turn_is_left_out()
    {
        var rig = new ServerRig();
        rig.Mapper.ServerTurnId = ServerRig.TurnId;

        rig.Say("item/completed", """{"turnId":"other","item":{"id":"call_1","type":"commandExecution","command":"x"}}""");
        rig.Say("turn/completed", """{"turn":{"id":"other","status":"completed"}}""");

        Assert.Empty(rig.Events);
        Assert.Null(rig.Mapper.Status);
    }

    [Fact]
    public void An_item_of_an_unknown_type_is_told_as_it_is()
    {
        var rig = new ServerRig();

        rig.Say("item/completed", """{"item":{"id":"i","type":"ofTomorrow","someField":1}}""");

        var activity = Assert.IsType<CanonicalEvent.Activity>(Assert.Single(rig.Events));
        Assert.Equal("""{"id":"i","type":"ofTomorrow","someField":1}""", Encoding.UTF8.GetString(activity.Item.Span));
    }

    [Fact]
    public void Thirty_megabytes_of_output_are_a_few_updates_with_its_end()
    {
        var rig = new ServerRig();
        rig.Say("item/started", """{"item":{"id":"call_1","type":"commandExecution","command":"x","status":"inProgress"}}""");

        for (var piece = 0; piece < 4800; piece++)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(1));
            rig.Say("item/commandExecution/outputDelta", $$"""{"itemId":"call_1","delta":"{{new string('x', 6250)}}{{piece}}"}""");
        }

        var updates = rig.Events.OfType<CanonicalEvent.Activity>().Where(e => e.Phase == ActivityPhase.Updated).ToArray();
        Assert.Equal(9, updates.Length);
        Assert.All(updates, update => Assert.InRange(update.Item.Length, 4000, 10_000));
    }

    [Fact]
    public void All_that_readers_get_counts_as_told_and_of_updates_the_last_that_waited()
    {
        var rig = new ServerRig();
        rig.Say("item/started", """{"item":{"id":"call_1","type":"commandExecution","command":"x","status":"inProgress"}}""");
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Say("item/commandExecution/outputDelta", """{"itemId":"call_1","delta":"out"}""");
        rig.Say("turn/plan/updated", """{"plan":[{"step":"one","status":"pending"}]}""");
        rig.Say("turn/plan/updated", """{"plan":[{"step":"one","status":"completed"}]}""");
        rig.Say("item/started", """{"item":{"id":"m","type":"agentMessage","text":""}}""");
        rig.Say("item/agentMessage/delta", """{"itemId":"m","delta":"hello"}""");
        using var change = JsonDocument.Parse("""{"itemId":"call_2","changes":[{"path":"a","kind":{"type":"add"},"diff":"long"}]}""");
        rig.Mapper.Map("item/fileChange/patchUpdated", change.RootElement);
        rig.Mapper.Map("item/fileChange/patchUpdated", change.RootElement);
        rig.Drain();

        Assert.Equal(3, rig.Events.OfType<CanonicalEvent.Activity>().Count(e => e.Phase == ActivityPhase.Updated));
        Assert.Equal("hello", rig.Text);
        Assert.Equal(rig.Events.OfType<CanonicalEvent.Activity>().Sum(e => e.Item.Length) + "hello".Length, rig.Mapper.Told);
    }

    [Fact]
    public void A_lost_server_is_retryable_only_if_nothing_ran()
    {
        var nothing = Assert.IsType<BackendResult.Failed>(new ServerRig().End(lost: "it was killed").Result);
        var something = ServerRig.Of("0.169-interrupted.jsonl");
        var rig = new ServerRig();
        rig.Feed(ServerRig.Lines("0.169-interrupted.jsonl").TakeWhile(line => !line.Contains("turn/completed", StringComparison.Ordinal)));
        var worked = Assert.IsType<BackendResult.Failed>(rig.End(lost: "it was killed").Result);
        var recorded = Assert.IsType<BackendResult.Failed>(
            new ServerRig().End(lost: "it was killed", findings: new RolloutFindings { HasCalls = true }).Result
        );

        Assert.Equal((ErrorCodes.AppServerLost, true), (nothing.Failure.Code, nothing.Failure.Retryable));
        Assert.Equal((ErrorCodes.AppServerLost, false), (worked.Failure.Code, worked.Failure.Retryable));
        Assert.Equal((ErrorCodes.AppServerLost, false), (recorded.Failure.Code, recorded.Failure.Retryable));
        Assert.True(something.Mapper.HasWorked);
    }

    private static JsonElement[] ItemsOf(ServerRig rig, ActivityPhase phase) =>
        [.. rig.Events.OfType<CanonicalEvent.Activity>().Where(e => e.Phase == phase).Select(e => JsonDocument.Parse(e.Item).RootElement)];

    private static IEnumerable<string> TextsBut(ServerRig rig, string item) =>
        rig.Events.OfType<CanonicalEvent.TextDelta>().Where(e => e.Item != item).Select(e => e.Text);

    // The turn as thread/resume gives it: its finished items and its end.
    private static string FinishedTurn(string version)
    {
        var items = ServerRig
            .Lines($"{version}-work.jsonl")
            .Where(line => line.StartsWith("""{"method":"item/completed""", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("params").GetProperty("item").GetRawText());
        return $$"""{"id":"{{ServerRig.TurnId}}","status":"completed","error":null,"items":[{{string.Join(',', items)}}]}""";
    }

    private static IEnumerable<(string Item, string Text)> WholeTexts(IEnumerable<CanonicalEvent> events) =>
        events
            .Select(e =>
                e switch
                {
                    CanonicalEvent.TextDelta text => (Item: text.Item!, text.Text),
                    CanonicalEvent.ThinkingDelta text => (Item: text.Item!, text.Text),
                    _ => (Item: "", Text: ""),
                }
            )
            .Where(text => text.Item.Length > 0)
            .GroupBy(text => text.Item)
            .Select(group => (group.Key, string.Concat(group.Select(text => text.Text))));

    private static IEnumerable<string> PhasesOf(IEnumerable<CanonicalEvent> events, ActivityPhase phase) =>
        events.OfType<CanonicalEvent.Activity>().Where(e => e.Phase == phase).Select(e => Encoding.UTF8.GetString(e.Item.Span));
}
