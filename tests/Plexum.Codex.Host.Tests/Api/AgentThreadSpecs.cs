using System.Collections.Frozen;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

public sealed class AgentThreadSpecs
{
    [Fact]
    public async Task An_agent_says_why_its_thread_was_not_continued_until_it_is()
    {
        await using var stage = await DaemonStage.StartAsync(
            "[call 2]",
            "unknown-thread",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        var own = (await RunAsync(stage, "first")).Thread();
        Assert.Null((await stage.Api.AgentAsync("alice"))["thread_problem"]);

        var failed = await RunAsync(stage, "second");

        var agent = await stage.Api.AgentAsync("alice");
        Assert.Equal((own, "thread_unreachable"), ((string)agent["thread_id"]!, (string)agent["thread_problem"]!["code"]!));
        Assert.Equal((string)failed.Single(e => e.Type == "error").Json["message"]!, (string)agent["thread_problem"]!["message"]!);
        var listed = Assert.Single((await stage.Api.GetAsync("/v1/agents")).Json["agents"]!.AsArray())!;
        Assert.Equal("thread_unreachable", (string)listed["thread_problem"]!["code"]!);

        Assert.Equal(own, (await RunAsync(stage, "third")).Thread());
        Assert.Null((await stage.Api.AgentAsync("alice"))["thread_problem"]);
    }

    [Fact]
    public async Task An_agent_says_what_it_has_of_its_own_and_a_request_keeps_to_it()
    {
        await using var stage = new DaemonStage("thread", "turn", "say ${prompt}", "completed 1 1");
        var agents = stage.Settings.Agents;
        stage.Settings = stage.Settings with
        {
            Agents = agents with
            {
                Overrides = new Dictionary<AgentId, AgentOverride>
                {
                    [AgentId.Parse("alice")] = new() { Backend = BackendKind.AppServer, Approvals = ApprovalPolicy.OnRequest },
                }.ToFrozenDictionary(),
            },
        };
        await stage.StartHostAsync();

        var events = await RunAsync(stage, "first");
        await stage.Api.EventsAsync(await stage.Api.SubmitAsync("other", agent: "bob"));
        var refused = await stage.Api.TrySubmitAsync("second", change: body => body["approvals"] = "never");

        Assert.Equal("app-server", (string)Assert.Single(events, e => e.Type == "message_start").Json["backend"]!);
        Assert.Equal(("app-server", "on-request"), await OfAsync("alice"));
        Assert.Equal(("exec", "never"), await OfAsync("bob"));
        Assert.Contains(
            "agents.overrides.alice.approvals = on-request",
            refused.Problem(422, "approvals_too_loose"),
            StringComparison.Ordinal
        );

        async Task<(string, string)> OfAsync(string agent)
        {
            var json = await stage.Api.AgentAsync(agent);
            return ((string)json["backend"]!, (string)json["approvals"]!);
        }
    }

    private static async Task<List<SseEvent>> RunAsync(DaemonStage stage, string text)
    {
        var events = await stage.Api.EventsAsync(await stage.Api.SubmitAsync(text));
        await stage.Host.Context.Ledger.FlushAsync();
        return events;
    }
}
