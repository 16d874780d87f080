using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Security.Callers;

/// <summary>The owner lets turns use the socket.</summary>
public sealed class TurnsMayCallSpecs : DaemonTest
{
    [Fact]
    public async Task S7_A_turn_that_may_call_names_no_workspace_that_the_owner_did_not_name()
    {
        var allowed = Directory.CreateDirectory(Stage.Codex.File("allowed")).FullName;
        Stage.Settings = Stage.Settings with
        {
            Api = Stage.Settings.Api with { TurnsMayCall = true },
            Agents = Stage.Settings.Agents with { Workspaces = Stage.Settings.Agents.Workspaces with { Roots = [allowed] } },
        };
        await Stage.StartHostAsync();
        var agent = new AgentOfTest(Stage, "s7-caller", "thread", "turn", "obey", "completed 1 1");

        foreach (var workspace in new[] { null, Path.Combine(allowed, "a") })
        {
            await Stage.Api.EndedAsync((string)(await SubmitAsync(agent, workspace))["turn_id"]!);
        }

        foreach (var workspace in new[] { Stage.Codex.Workspace, agent.Directory.DefaultWorkspace })
        {
            Assert.Equal("workspace_not_allowed", (string)(await SubmitAsync(agent, workspace))["code"]!);
        }
    }

    [Fact]
    public async Task S21_A_turn_that_may_call_does_not_answer_a_question()
    {
        Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { TurnsMayCall = true } };
        await Stage.StartHostAsync();
        var agent = new AgentOfTest(Stage, "s21-caller", "thread", "turn", "obey", "completed 1 1");
        var command =
            $"curl -s -H 'Content-Type: application/json' -d '{{\"decision\":\"accept\"}}' --unix-socket '{Stage.Settings.Api.Socket}' "
            + "http://localhost/v1/turns/t1/approvals/q-00000000";

        var answer = JsonNode.Parse(string.Concat((await agent.RunAsync(command)).Texts()))!;

        Assert.Equal("caller_refused", (string)answer["code"]!);
    }

    // What the command gets.
    private async Task<JsonObject> SubmitAsync(AgentOfTest agent, string? workspace)
    {
        var body = new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "true" }),
            ["workspace"] = workspace,
        };
        File.WriteAllText(agent.File("body"), body.ToJsonString());
        var command =
            $"curl -s -H 'Content-Type: application/json' -d @body --unix-socket '{Stage.Settings.Api.Socket}' "
            + "http://localhost/v1/agents/s7-other/turns";
        return JsonNode.Parse(string.Concat((await agent.RunAsync(command)).Texts()))!.AsObject();
    }
}
