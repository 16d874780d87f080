using Plexum.Codex.Approvals;

namespace Plexum.Codex.Host.Guarantees;

/// <summary>The promises of docs/guarantees.md about codex's questions.</summary>
public sealed class QuestionGuaranteeSpecs() : DaemonTest("thread", "turn", "approve rm -rf x", "say ${answer}", "completed 1 1")
{
    private const string Accept = """{"decision":"accept"}""";

    private const string Body = """{"messages":[{"role":"user","content":"x"}],"backend":"app-server","approvals":"on-request"}""";

    [Fact]
    public async Task Q1_A_question_is_told_once_and_its_first_answer_counts()
    {
        await Stage.StartHostAsync();
        var (turn, path) = await AskedAsync();

        var answers = await Task.WhenAll(
            Stage.Api.PostAsync(path, Accept),
            Stage.Api.PostAsync(path, Accept.Replace("accept", "decline", StringComparison.Ordinal))
        );

        var taken = Assert.Single(answers, answer => answer.Status == 200).Json;
        Assert.Single(answers, answer => answer.Status == 409);
        Assert.Equal(["approval_request", (string)taken["decision"]!], await ToldAsync(turn));
    }

    [Fact]
    public async Task Q2_A_question_that_nobody_answers_is_declined_and_the_turn_says_so()
    {
        var agents = Stage.Settings.Agents;
        Stage.Settings = Stage.Settings with
        {
            Agents = agents with { Approvals = new ApprovalSettings { Timeout = TimeSpan.FromMilliseconds(100) } },
        };
        await Stage.StartHostAsync();
        var turn = await SubmitAsync();

        Assert.Equal("end_turn", (string)(await Stage.Api.EndedAsync(turn))["stop_reason"]!);

        Assert.Equal(["approval_request", "decline"], await ToldAsync(turn));
        var events = await Stage.Api.EventsAsync(turn);
        Assert.Single(events, e => e.Type == "notice" && (string)e.Json["code"]! == "approval_expired");
        Assert.Equal("decline", (string)Assert.Single(events, e => e.Type == "text_delta").Json["text"]!);
    }

    [Fact]
    public async Task Q3_A_question_outlives_the_daemon_that_asked_it()
    {
        await Stage.StartHostAsync();
        var (turn, path) = await AskedAsync();
        await Stage.StopHostAsync();
        await Stage.StartHostAsync();

        // codex asks again only once its thread is open again, and an answer does not wait for that.
        (await Stage.Api.PostAsync(path, Accept)).Must(200);

        Assert.Equal("end_turn", (string)(await Stage.Api.EndedAsync(turn))["stop_reason"]!);
        Assert.Equal(["approval_request", "accept"], await ToldAsync(turn));
    }

    private async Task<string> SubmitAsync() =>
        (string)(await Stage.Api.PostAsync("/v1/agents/alice/turns", Body)).Must(202).Json["turn_id"]!;

    private async Task<(string Turn, string Path)> AskedAsync()
    {
        var turn = await SubmitAsync();
        var json = await Stage.Api.UntilAsync("/v1/approvals", json => json["approvals"]!.AsArray().Count > 0);
        return (turn, $"/v1/turns/{turn}/approvals/{(string)Assert.Single(json["approvals"]!.AsArray())!["id"]!}");
    }

    // Questions, and what was decided about them.
    private async Task<IEnumerable<string>> ToldAsync(string turn) =>
        (await Stage.Api.EventsAsync(turn))
            .Where(e => e.Type.StartsWith("approval", StringComparison.Ordinal))
            .Select(e => (string?)e.Json["decision"] ?? e.Type);
}
