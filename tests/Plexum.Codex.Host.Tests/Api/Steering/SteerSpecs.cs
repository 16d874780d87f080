using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Api.Steering;

public sealed class SteerSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 100 10 40 5")
{
    private const string Now = """{"text":"now"}""";

    [Fact]
    public async Task A_turn_of_exec_takes_no_text_nor_does_one_that_waits_has_ended_or_is_unknown()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "hang");
        await Stage.StartHostAsync();
        var running = await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        var waiting = await Stage.Api.SubmitAsync("2");

        Assert.Contains("codex exec", (await SteerAsync(running)).Problem(409, "steer_not_supported"), StringComparison.Ordinal);
        (await SteerAsync(waiting)).Problem(409, "turn_not_running");
        Assert.Equal("dequeued", await Stage.Api.CancelAsync(waiting));
        await Stage.Api.EndedAsync(waiting);
        (await SteerAsync(waiting)).Problem(409, "turn_not_running");
        (await SteerAsync("unknown")).Problem(404, "unknown_turn");
        await Stage.Api.CancelAsync(running, force: true);
        await Stage.Api.EndedAsync(running);
    }

    [Fact]
    public async Task A_turn_of_app_server_has_it_and_goes_on()
    {
        Stage.Codex.Script("thread", "turn", "touch " + Stage.Codex.File("ready"), "wait-steer", "say ${steer}", "completed 1 1");
        await Stage.StartHostAsync();
        const string Body = """{"messages":[{"role":"user","content":"x"}],"backend":"app-server"}""";
        var turn = (string)(await Stage.Api.PostAsync("/v1/agents/alice/turns", Body)).Must(202).Json["turn_id"]!;
        await Stage.Codex.AppearsAsync("ready");

        // codex may say that it has begun before the daemon has heard it.
        ApiAnswer? answer = null;
        await Limits.UntilAsync(async () => (answer = await SteerAsync(turn)).Status == 200, () => $"It stayed {answer}");

        Assert.Equal((turn, "accepted"), ((string)answer!.Json["turn_id"]!, (string)answer.Json["outcome"]!));
        var events = await Stage.Api.EventsAsync(turn);
        Assert.Contains(events, e => e.Type == "text_delta" && (string)e.Json["text"]! == "now");
        var said = Assert.Single(events, e => e.Type == "steer").Json;
        Assert.Equal(("now", "owner"), ((string)said["text"]!, (string)said["by"]!));
        Assert.Equal("end_turn", (string)(await Stage.Api.EndedAsync(turn))["stop_reason"]!);
    }

    [Fact]
    public async Task A_body_that_says_nothing_or_more_than_a_text_is_refused()
    {
        await Stage.StartHostAsync();
        foreach (
            var (body, says) in new[]
            {
                ("{}", "text: must be a string"),
                ("""{"text":7}""", "text: must be a string"),
                ("""{"text":" \n"}""", "text: must not be empty"),
                ("""{"text":"x","force":true}""", "force: is unknown"),
                ("[]", "must be a JSON object"),
            }
        )
        {
            Assert.Contains(says, (await SteerAsync("t1", body)).Problem(400, "bad_request_body"), StringComparison.Ordinal);
        }

        (await Stage.Api.PostAsync("/v1/turns/t1/steer", (string?)null)).Problem(400, "bad_request_body");
        var tooLong = $$"""{"text":"{{new string('x', Prompt.MaxCharacters + 1)}}"}""";
        (await SteerAsync("t1", tooLong)).Problem(422, "prompt_too_long");
    }

    private Task<ApiAnswer> SteerAsync(string turn, string body = Now) => Stage.Api.PostAsync($"/v1/turns/{turn}/steer", body);
}
