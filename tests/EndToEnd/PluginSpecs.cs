using System.Text.Json.Nodes;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>The plugin, the daemon that it starts and the real codex.</summary>
public sealed class PluginSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task A_turn_through_the_plugin_calls_the_host_s_tool_and_has_it_consumed(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var plugin = rig.StartProgram("plugin");
        try
        {
            using var host = new PlexumHost(plugin.Input, plugin.Output);
            await host.CallAsync(PlexumMethods.Init);
            var turn = await host.StreamAsync(
                PlexumHost.Turn("!mcp plexum-host-alice get {\"key\":\"k1\"}\n!outputs", "alice", rig.Workspace(), "get")
            );
            var call = await host.ToolCallAsync();
            await host.AnswerAsync(call, new JsonObject { ["content"] = "the value of k1" });
            var events = await host.EndAsync(turn);

            Assert.Equal("""{"key":"k1"}""", call["params"]!["arguments"]!.ToJsonString());
            Assert.Contains("the value of k1", (string)Only(events, "text_delta")["text"]!, StringComparison.Ordinal);
            Assert.Equal(
                ("mcp__plexum_host_alice", "get"),
                ((string)Only(events, "tool_call")["namespace"]!, (string)Only(events, "tool_call")["name"]!)
            );
            var id = (string)call["params"]!["call_id"]!;
            Assert.Equal((id, id), ((string)Only(events, "tool_call")["id"]!, (string)Only(events, "tool_result")["id"]!));
            Assert.Equal("end_turn", (string)events[^1]["stop_reason"]!);

            var mutated = await host.CallAsync(
                PlexumMethods.ConsumeSession,
                new JsonObject
                {
                    ["agent_id"] = "alice",
                    ["workspace"] = rig.Workspace(),
                    ["mutations"] = new JsonArray(new JsonObject { ["block_id"] = id, ["op"] = "consume-light" }),
                }
            );
            Assert.Equal(1, (int)mutated["touched"]!);
            var next = await host.EndAsync(await host.StreamAsync(PlexumHost.Turn("Again.", "alice", rig.Workspace())));
            Assert.Equal((string)events[^1]["thread_id"]!, (string)next[^1]["thread_id"]!);
            Assert.True(ThreadId.TryParse((string)next[^1]["thread_id"]!, out var thread));
            Assert.Equal(2, model.Server.RequestsOf(thread)[^1].UserTexts.Count);
            var outputs = model.Server.RequestsOf(thread)[^1].Input.Where(item => item.Type == "function_call_output").ToList();
            Assert.Contains("...(consumed)", Assert.Single(outputs).Json.GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            await EndAsync(rig, plugin);
        }
    }

    [Theory]
    [EachBackend]
    public async Task What_a_host_says_as_JSON_alone_and_with_half_a_character_reaches_the_model(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var plugin = rig.StartProgram("plugin");
        try
        {
            using var host = new PlexumHost(plugin.Input, plugin.Output);
            await host.CallAsync(PlexumMethods.Init);
            var turn = await host.StreamAsync(
                PlexumHost.Turn(
                    "!mcp plexum-host-alice get {}\n!mcp plexum-host-alice get {}\n!mcp plexum-host-alice get {}\n!outputs",
                    "alice",
                    rig.Workspace(),
                    "get"
                )
            );
            foreach (
                var result in new[]
                {
                    """{"content":[],"structuredContent":{"answer":42}}""",
                    """{"content":[{"type":"text","text":"a\ud800b"}]}""",
                    """{"content":[{"type":"text","text":7}]}""",
                }
            )
            {
                var call = await host.ToolCallAsync();
                await host.SendAsync($$"""{"jsonrpc":"2.0","id":{{call["id"]!.ToJsonString()}},"result":{{result}}}""");
            }

            var events = await host.EndAsync(turn);

            var text = (string)Only(events, "text_delta")["text"]!;
            Assert.Contains("""{"answer":42}""", text, StringComparison.Ordinal);
            Assert.Contains("a\uFFFDb", text, StringComparison.Ordinal);
            Assert.Contains("The answer of the tool's host cannot be used", text, StringComparison.Ordinal);
            Assert.Equal("end_turn", (string)events[^1]["stop_reason"]!);
        }
        finally
        {
            await EndAsync(rig, plugin);
        }
    }

    private static JsonObject Only(List<JsonObject> events, string type) => Assert.Single(events, e => (string)e["type"]! == type);

    // The plugin ends with its input; the daemon that it has started does not.
    private static async Task EndAsync(CodexRig rig, ProgramProcess plugin)
    {
        Assert.Equal(0, (await plugin.EndsAsync(readOutput: false)).ExitCode);
        await new StartedDaemon(rig.Profile).KillAsync();
    }
}
