using System.Globalization;
using System.Text.Json.Nodes;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>
/// The host's tools with both backends. A thread that the warm server begins has them without a process; all others have them by the relay.
/// A model is never shown tools that nobody would answer.
/// </summary>
public sealed class HostToolSpecs(WarmStage stage) : IClassFixture<WarmStage>
{
    private const string Exec = "exec";
    private const string AppServer = "app-server";
    private const string Get = """{"name":"get","description":"Gets.","inputSchema":{"type":"object","required":["key"]}}""";
    private const string Put = """{"name":"put.it","inputSchema":{"type":"object","properties":{"key":{"type":"string"}}}}""";

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task The_host_s_tool_is_called_and_its_answer_reaches_the_model(string backend)
    {
        var agent = $"tool-{backend}";
        var turn = await CallAsync(agent, backend, "get", Get);

        var called = Assert.Single(turn.Events.OfType<CanonicalEvent.ToolCall>());
        Assert.Equal(($"mcp__plexum_host_{agent.Replace('-', '_')}", "get"), (called.Namespace, called.Name));
        Assert.Equal([called.Id], stage.CallsIn(turn.Thread));
        var activity = turn.Events.OfType<CanonicalEvent.Activity>().Last(item => item.Phase == ActivityPhase.Completed);
        var item = JsonNode.Parse(activity.Item.ToArray())!;
        Assert.Equal(
            ("mcp_tool_call", $"plexum-host-{agent}", "get", "completed"),
            ((string)item["type"]!, (string)item["server"]!, (string)item["tool"]!, (string)item["status"]!)
        );
        Assert.Equal("a value", (string)item["result"]!["content"]![0]!["text"]!);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task What_does_not_fit_the_tool_s_schema_and_what_the_host_refuses_is_an_error_for_the_model(string backend)
    {
        var agent = $"refused-{backend}";
        var prompt = $"!mcp plexum-host-{agent} get {{}}\n!say between\n!mcp plexum-host-{agent} get {{\"key\":\"k\"}}\n!outputs";
        var turn = await stage.SubmitAsync(agent, backend, prompt, With(Get));

        var id = await CalledAsync(turn);
        (await stage.Api.AnswerAsync(turn, id, """{"content":"no such key","is_error":true}""")).Must(204);
        var ended = (await stage.EndAsync(turn)).Succeeded();

        var results = ended.Events.OfType<CanonicalEvent.ToolResult>().ToList();
        Assert.Equal([true, true], results.Select(result => result.IsError));
        Assert.Contains("\"key\"", results[0].Output, StringComparison.Ordinal);
        Assert.Contains("no such key", results[1].Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Crossings), MemberType = typeof(WarmStage))]
    public async Task A_thread_begun_with_tools_and_one_backend_has_them_with_the_other_and_back(string begun, string other)
    {
        var agent = $"cross-{begun}";

        var first = await CallAsync(agent, begun, "get", Get);
        var second = await CallAsync(agent, other, "get", Get);
        var third = await CallAsync(agent, begun, "get", Get);

        Assert.Equal((first.Thread, first.Thread), (second.Thread, third.Thread));
        Assert.Equal(3, stage.CallsIn(first.Thread).Count);
    }

    [Theory]
    [InlineData(AppServer)]
    [InlineData(Exec)]
    public async Task Tools_that_change_between_turns_are_those_of_each_turn_and_a_turn_without_any_has_none(string between)
    {
        var agent = $"change-{between}";

        var first = await CallAsync(agent, AppServer, "get", Get);
        var second = await CallAsync(agent, between, "put_it", Put, "put.it");
        var third = await CallAsync(agent, AppServer, "put_it", Put, "put.it");
        var without = await stage.SayAsync(agent, between, "none");
        Assert.Empty(OfferedIn(without, agent));
        var last = await CallAsync(agent, AppServer, "get", Get);

        Assert.All([second, third, without, last], turn => Assert.Equal(first.Thread, turn.Thread));
    }

    // Codex leaves such a tool out where it comes by an MCP server, without a word (measured on 0.169.0 and 0.171.0).
    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_tool_whose_schema_codex_does_not_take_costs_no_other_tool(string backend)
    {
        const string Odd = """{"name":"odd","inputSchema":{"type":"object","additionalProperties":17}}""";
        var agent = $"odd-{backend}";

        var first = await CallAsync(agent, backend, "get", $"{Odd},{Get}");
        var second = await CallAsync(agent, backend, "get", $"{Odd},{Get}");

        Assert.Equal(first.Thread, second.Thread);
    }

    [Fact]
    public async Task A_relay_of_a_loaded_thread_serves_each_turn_with_the_same_tools()
    {
        const string Agent = "relayed";
        await CallAsync(Agent, Exec, "get", Get);

        await CallAsync(Agent, AppServer, "get", Get);
        var relay = Assert.Single(RelaysOf(Agent));
        await CallAsync(Agent, AppServer, "get", Get);
        Assert.Equal(relay, Assert.Single(RelaysOf(Agent)));

        await CallAsync(Agent, AppServer, "put_it", Put, "put.it");
        Assert.NotEqual(relay, Assert.Single(RelaysOf(Agent)));
        await ProcessProbe.GoneAsync(relay);
        await stage.SayAsync(Agent, AppServer, "none");
        Assert.Empty(RelaysOf(Agent));
    }

    [Fact]
    public async Task A_call_that_waits_when_the_daemon_is_killed_is_offered_again_and_answered_once()
    {
        const string Agent = "killed";
        var prompt =
            $"!mcp plexum-host-{Agent} get {{\"key\":\"k\"}}\n!say between\n!mcp plexum-host-{Agent} get {{\"key\":\"k\"}}\n!outputs";
        var turn = await stage.SubmitAsync(Agent, AppServer, prompt, With(Get));
        var before = await CalledAsync(turn);

        await stage.Daemon.RestartAsync();

        Assert.Equal(before, await CalledAsync(turn));
        (await stage.Api.AnswerAsync(turn, before, """{"content":"first"}""")).Must(204);
        var second = await CalledAsync(turn);
        Assert.NotEqual(before, second);
        (await stage.Api.AnswerAsync(turn, second, """{"content":"second"}""")).Must(204);
        var ended = (await stage.EndAsync(turn)).Succeeded();
        Assert.Equal(["first", "second"], ended.Events.OfType<CanonicalEvent.ToolResult>().Select(result => result.Output));
        Assert.Equal([before, second], ended.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id));
        await CallAsync(Agent, AppServer, "get", Get);
    }

    /// <summary>Runs a turn in which the model calls a tool and gets an answer, and sees no other tool of the host.</summary>
    private async Task<FinishedTurn> CallAsync(string agent, string backend, string shown, string tool, string? name = null)
    {
        var prompt = $"!mcp plexum-host-{agent} {shown} {{\"key\":\"k1\"}}\n!outputs";
        var turn = await stage.SubmitAsync(agent, backend, prompt, With(tool));
        var call = await CallOfAsync(turn);
        Assert.Equal(name ?? shown, (string)call["name"]!);
        (await stage.Api.AnswerAsync(turn, (string)call["call_id"]!, """{"content":"a value"}""")).Must(204);
        var ended = (await stage.EndAsync(turn)).Succeeded();
        Assert.Equal(backend, ended.Start.Backend?.ToWireName());
        Assert.EndsWith("a value", ended.Text, StringComparison.Ordinal);
        Assert.Equal([shown], OfferedIn(ended, agent));
        return ended;
    }

    private List<string> OfferedIn(FinishedTurn turn, string agent) =>
        [
            .. stage
                .Model.RequestsOf(turn.Thread)[^1]
                .Tools.Where(tool =>
                    tool.Namespace?.Replace('-', '_').EndsWith($"plexum_host_{agent.Replace('-', '_')}", StringComparison.Ordinal) == true
                )
                .Select(tool => tool.Name),
        ];

    // Only processes of this user can be looked into, and a relay is one.
    private static List<int> RelaysOf(string agent)
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName))
        {
            try
            {
                if (
                    int.TryParse(process, CultureInfo.InvariantCulture, out var pid)
                    && File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains($"PLEXUM_MCP_AGENT_ID={agent}")
                )
                {
                    found.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }
        }

        return found;
    }

    private static Action<JsonObject> With(string tool) => body => body["tools"] = JsonNode.Parse($"[{tool}]");

    private async Task<string> CalledAsync(string turn) => (string)(await CallOfAsync(turn))["call_id"]!;

    private async Task<JsonObject> CallOfAsync(string turn)
    {
        using var response = await stage.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        await using var calls = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
        Assert.True(await calls.MoveNextAsync().WithinLimit());
        return calls.Current.Json;
    }
}
