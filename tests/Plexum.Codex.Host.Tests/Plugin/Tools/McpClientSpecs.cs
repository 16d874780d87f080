using System.Threading.Channels;
using ModelContextProtocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>An MCP client that has started the plugin as its server, as any client does.</summary>
public sealed class McpClientSpecs : CodexToolTest, IAsyncLifetime
{
    private string Go => Stage.Codex.File("go");

    async Task IAsyncLifetime.DisposeAsync()
    {
        await LeaveAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Progress_tells_of_each_event_in_its_order_while_the_turn_runs()
    {
        Stage.Codex.Script("thread", "turn", "command ls -l", "say half", $"wait {Go}", "say done", "completed 1 1");
        var client = await StartAsync();
        var steps = Channel.CreateUnbounded<ProgressNotificationValue>();

        var call = CallAsync(client, "codex_turn", """{"agent":"alice","prompt":"hello"}""", progress: new Written(steps.Writer));
        var seen = new SortedDictionary<float, string?>();
        while (seen.Count < 5)
        {
            var step = await steps.Reader.ReadAsync().WithinLimit();
            seen.Add(step.Progress, step.Message);
        }

        // The client hands them out side by side, so only their numbers tell their order.
        Assert.False(call.IsCompleted);
        Assert.Equal([0, 1, 2, 3, 4], seen.Keys);
        Assert.Matches("^Turn [0-9a-f]{32} was accepted; turns of alice ahead of it: 0.$", seen[0]);
        Assert.Equal(
            ["The turn starts a new thread.", "Started: command /bin/bash -lc 'ls -l'", "Done: command /bin/bash -lc 'ls -l'", "half"],
            seen.Values.Skip(1)
        );
        Stage.Codex.Touch("go");
        Assert.Equal("half\n\ndone", TextOf(await call));
    }

    [Fact]
    public async Task A_call_that_the_client_cancels_cancels_the_turn_and_the_plugin_goes_on()
    {
        Stage.Codex.Script(
            "[prompt again]",
            "thread",
            "turn",
            "say here",
            "completed 1 1",
            "[else]",
            "thread",
            "turn",
            $"touch {Stage.Codex.File("runs")}",
            "hang"
        );
        var client = await StartAsync();
        Begin(client, "mine", "codex_turn", """{"agent":"alice","prompt":"hello"}""");
        await Stage.Codex.AppearsAsync("runs");
        var turn = (string)(await Stage.Api.GetAsync("/v1/turns?agent=alice")).Json["turns"]![0]!["turn_id"]!;

        await CancelAsync(client, "mine");

        Assert.Equal("cancelled", (string)(await EndOfAsync(turn))["stop_reason"]!);
        Assert.Equal("here", TextOf(await CallAsync(client, "codex_turn", """{"agent":"alice","prompt":"again"}""")));
    }

    [Fact]
    public async Task Reading_a_turn_again_can_be_cancelled_without_cancelling_the_turn()
    {
        Stage.Codex.Script("thread", "turn", $"wait {Go}", "say done", "completed 1 1");
        var client = await StartAsync();
        var turn = Good(await CallAsync(client, "codex_turn", """{"agent":"alice","prompt":"x","wait":false}"""))
            .GetProperty("turn_id")
            .GetString()!;
        Begin(client, "mine", "codex_turn", $$"""{"turn":"{{turn}}"}""");

        await CancelAsync(client, "mine");

        Assert.NotEmpty((await CallAsync(client, "codex_agents", "{}")).Content);
        Stage.Codex.Touch("go");
        Assert.Equal("end_turn", (string)(await EndOfAsync(turn))["stop_reason"]!);
    }

    [Fact]
    public async Task A_turn_whose_client_has_gone_goes_on_and_another_client_gets_its_answer()
    {
        Stage.Codex.Script("thread", "turn", $"touch {Stage.Codex.File("runs")}", $"wait {Go}", "say done", "completed 1 1");
        const string Arguments = """{"agent":"alice","prompt":"hello","idempotency_key":"mine"}""";
        var first = await StartAsync();
        var lost = CallAsync(first, "codex_turn", Arguments);
        await Stage.Codex.AppearsAsync("runs");

        await LeaveAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => lost);
        var second = await StartAsync();
        var found = CallAsync(second, "codex_turn", Arguments);
        Stage.Codex.Touch("go");
        Assert.Equal("done", TextOf(await found));
        Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]);
    }

    private sealed class Written(ChannelWriter<ProgressNotificationValue> steps) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => steps.TryWrite(value);
    }
}
