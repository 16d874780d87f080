using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;

namespace Plexum.Codex.Host.Api.Approvals;

public sealed class ApprovalSpecs() : DaemonTest("thread", "turn", "approve rm -rf x", "say ${answer}", "completed 1 1")
{
    private const string Body = """{"messages":[{"role":"user","content":"x"}],"backend":"app-server","approvals":"on-request"}""";

    [Fact]
    public async Task A_question_is_listed_and_answered_once()
    {
        await Stage.StartHostAsync();
        var turn = await SubmitAsync();
        var asked = await AskedAsync();
        Assert.Equal(
            (turn, "alice", "command", "rm -rf x"),
            (Text(asked, "turn_id"), Text(asked, "agent_id"), Text(asked, "kind"), Text(asked, "command"))
        );
        var path = $"/v1/turns/{turn}/approvals/{Text(asked, "id")}";
        Assert.Equal((1, 0), (await CountAsync($"?turn={turn}"), await CountAsync("?turn=another")));
        Assert.Equal((1, 0), (await CountAsync($"?turn={turn}&agent=alice"), await CountAsync("?agent=bob")));

        (await Stage.Api.PostAsync(path, """{"decision":"perhaps"}""")).Problem(400, "bad_request_body");
        (await Stage.Api.PostAsync(path, """{"decision":"decline","answers":{"a":"b"}}""")).Problem(400, "bad_request_body");
        (await Stage.Api.PostAsync(path, """{"decision":"accept","why":"x"}""")).Problem(400, "bad_request_body");
        (await Stage.Api.PostAsync($"/v1/turns/{turn}/approvals/q-00000000", Accept)).Problem(404, "unknown_approval");
        (await Stage.Api.PostAsync($"/v1/turns/{turn}/approvals/7", Accept)).Problem(404, "unknown_approval");
        var answered = (await Stage.Api.PostAsync(path, Accept)).Must(200).Json;

        Assert.Equal(("accept", "owner"), (Text(answered, "decision"), Text(answered, "by")));
        var events = await Stage.Api.EventsAsync(turn);
        Assert.Equal("accept", (string)Assert.Single(events, e => e.Type == "text_delta").Json["text"]!);
        Assert.Equal(
            ["approval_request", "approval_answer"],
            events.Where(e => e.Type.StartsWith("approval", StringComparison.Ordinal)).Select(e => e.Type)
        );
        await Stage.Api.EndedAsync(turn);
        (await Stage.Api.PostAsync(path, Accept)).Problem(409, "turn_not_running");
        Assert.Empty((await Stage.Api.JsonAsync("/v1/approvals"))["approvals"]!.AsArray());
    }

    [Fact]
    public async Task An_answer_that_is_sent_again_after_a_lost_connection_is_the_same_answer_and_another_is_not()
    {
        Stage.Codex.Script("thread", "turn", "approve rm -rf x", $"wait {Stage.Codex.File("go")}", "completed 1 1");
        await Stage.StartHostAsync();
        var turn = await SubmitAsync();
        var path = $"/v1/turns/{turn}/approvals/{Text(await AskedAsync(), "id")}";
        (await Stage.Api.PostAsync(path, Accept)).Must(200);

        var again = (await Stage.Api.PostAsync(path, Accept)).Must(200).Json;

        Assert.Equal(("accept", "owner"), (Text(again, "decision"), Text(again, "by")));
        (await Stage.Api.PostAsync(path, """{"decision":"decline"}""")).Problem(409, "approval_answered");
        Stage.Codex.Touch("go");
        await Stage.Api.EndedAsync(turn);
    }

    [Fact]
    public async Task A_turn_of_exec_that_is_to_ask_is_refused_and_a_request_cannot_have_codex_ask_less()
    {
        var agents = Stage.Settings.Agents;
        Stage.Settings = Stage.Settings with
        {
            Agents = agents with { Approvals = new ApprovalSettings { Policy = ApprovalPolicy.Untrusted } },
        };
        await Stage.StartHostAsync();

        var less = Body.Replace("on-request", "never", StringComparison.Ordinal);
        (await Stage.Api.PostAsync("/v1/agents/alice/turns", less)).Problem(422, "approvals_too_loose");
        var ofExec = Body.Replace("on-request", "untrusted", StringComparison.Ordinal)
            .Replace("app-server", "exec", StringComparison.Ordinal);
        (await Stage.Api.PostAsync("/v1/agents/alice/turns", ofExec)).Problem(422, "approvals_unsupported");
    }

    private const string Accept = """{"decision":"accept"}""";

    private static string Text(JsonNode json, string field) => (string)json[field]!;

    private async Task<string> SubmitAsync() => Text((await Stage.Api.PostAsync("/v1/agents/alice/turns", Body)).Must(202).Json, "turn_id");

    private async Task<int> CountAsync(string query) => (await Stage.Api.JsonAsync($"/v1/approvals{query}"))["approvals"]!.AsArray().Count;

    private async Task<JsonNode> AskedAsync()
    {
        var json = await Stage.Api.UntilAsync("/v1/approvals", json => json["approvals"]!.AsArray().Count > 0);
        return Assert.Single(json["approvals"]!.AsArray())!;
    }
}
