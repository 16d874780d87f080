using System.Text.Json.Nodes;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>Tool calls that a host takes out of an agent's thread.</summary>
public sealed class PlexumConsumeSpecs()
    : PluginTest(
        "thread",
        "turn",
        """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{\"a\":1}","call_id":"call_1"}}""",
        """rollout {"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":"a long enough output"}}""",
        "completed 1 1"
    )
{
    [Fact]
    public async Task Calls_are_consumed_and_the_host_s_log_is_told()
    {
        var turn = await Host.StreamAsync(PlexumHost.Turn("x", "alice", Workspace));
        Assert.Equal(
            ["tool_call", "tool_result"],
            (await Host.EndAsync(turn))
                .Where(e => ((string)e["type"]!).StartsWith("tool_", StringComparison.Ordinal))
                .Select(e => (string)e["type"]!)
        );

        var result = await Host.CallAsync(
            PlexumMethods.ConsumeSession,
            Mutate("alice", ("call_1", "consume-light"), ("call_2", "consume-heavy"))
        );

        Assert.Equal((1, 2), ((int)result["touched"]!, (int)result["requested"]!));
        Assert.Contains(
            "...(consumed)",
            File.ReadAllText(
                Assert.Single(Directory.GetFiles(Path.Combine(Stage.Codex.CodexHome, "sessions"), "*.jsonl", SearchOption.AllDirectories))
            ),
            StringComparison.Ordinal
        );
        var log = Host.Logs.Single(line => ((string)line["msg"]!).StartsWith("codex session", StringComparison.Ordinal));
        Assert.Equal(
            """{"level":"info","msg":"codex session mutate complete","fields":{"agent":"alice","touched":1,"requested":2}}""",
            log.ToJsonString()
        );
    }

    [Fact]
    public async Task Nothing_to_do_is_a_success_without_a_word()
    {
        var result = await Host.CallAsync(PlexumMethods.ConsumeSession, Mutate("alice"));

        Assert.Equal((0, 0), ((int)result["touched"]!, (int)result["requested"]!));
        Assert.Empty(Host.Logs);
    }

    [Fact]
    public async Task A_failure_is_a_warning_in_the_host_s_log_and_an_error_of_the_call()
    {
        var parameters = Mutate("alice", ("call_1", "consume-light"));
        parameters["workspace"] = "not/absolute";

        var (_, message, reason) = await Host.FailAsync(PlexumMethods.ConsumeSession, parameters);

        Assert.Equal("workspace_not_absolute", reason);
        var log = Assert.Single(Host.Logs);
        Assert.Equal(("warn", "codex session mutate failed"), ((string)log["level"]!, (string)log["msg"]!));
        Assert.Equal(("alice", message), ((string)log["fields"]!["agent"]!, (string)log["fields"]!["err"]!));
    }

    private JsonObject Mutate(string agent, params (string Id, string Op)[] mutations) =>
        new()
        {
            ["agent_id"] = agent,
            ["workspace"] = Workspace,
            ["mutations"] = new JsonArray([
                .. mutations.Select(mutation => new JsonObject { ["block_id"] = mutation.Id, ["op"] = mutation.Op }),
            ]),
        };
}
