using System.Text.Json.Nodes;
using Plexum.Codex.Agents.Checks;

namespace Plexum.Codex.Host.Api;

/// <summary>One idempotency key and two requests.</summary>
public sealed class KeySpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task Of_two_requests_with_one_key_at_the_same_instant_one_runs_and_the_other_is_refused()
    {
        await Stage.StartHostAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(number => Stage.Api.TrySubmitAsync(number % 2 == 0 ? "even" : "odd", key: "k"))
        );

        var accepted = answers.Where(answer => answer.Status == 202).Select(answer => (string)answer.Json["turn_id"]!).ToList();
        Assert.Equal(6, accepted.Count);
        var turn = Assert.Single(accepted.Distinct());
        Assert.All(answers.Where(answer => answer.Status != 202), answer =>
            Assert.Contains(turn, answer.Problem(409, "idempotency_key_reused"), StringComparison.Ordinal)
        );
        await Stage.Api.EventsAsync(turn);
        Assert.Single(Stage.Codex.Turns);
    }

    [Fact]
    public async Task A_key_belongs_to_its_first_request_when_the_turn_has_ended_and_after_a_restart()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("one", key: "k", change: DaemonApi.WithTool);
        await Stage.Api.EventsAsync(turn);
        await Stage.StopHostAsync();
        await Stage.StartHostAsync();

        Assert.Equal(turn, await Stage.Api.SubmitAsync("one", key: "k", change: DaemonApi.WithTool));
        (Action<JsonObject> Change, string Told)[] others =
        [
            (_ => { }, "tools"),
            (body => body["messages"]![0]!["content"] = "two", "messages"),
            (body => body["model"] = "other", "another model"),
            (body => body["workspace"] = Stage.Codex.File("elsewhere"), "another workspace"),
            (body => body["timeout_ms"] = 1000, "timeout_ms"),
            (body => body["new_thread"] = true, "new_thread"),
            (body => body["sandbox"] = "read-only", "sandbox"),
            (body => body["effort"] = "low", "effort"),
            (body => body["tools"]![0]!["description"] = "Gets more.", "tools"),
        ];
        foreach (var (index, (change, told)) in others.Index())
        {
            var other = await Stage.Api.TrySubmitAsync("one", key: "k", change: body =>
            {
                if (index > 0)
                {
                    DaemonApi.WithTool(body);
                }

                change(body);
            });
            var detail = other.Problem(409, "idempotency_key_reused");
            Assert.Contains(turn, detail, StringComparison.Ordinal);
            Assert.Contains(told, detail, StringComparison.Ordinal);
        }

        Assert.Single(Stage.Codex.Turns);
        Assert.False(Directory.Exists(Stage.Codex.File("elsewhere")));
    }

    [Fact]
    public async Task A_setting_has_the_first_turn_answer_for_another_request_with_a_warning()
    {
        Stage.Settings = Stage.Settings with { Agents = Stage.Settings.Agents with { KeyReuse = KeyReuse.AnswerFirst } };
        await Stage.StartHostAsync();
        var first = (await Stage.Api.TrySubmitAsync("one", key: "k")).Must(202).Json;

        var same = (await Stage.Api.TrySubmitAsync("one", key: "k")).Must(202).Json;
        var other = (await Stage.Api.TrySubmitAsync("two", key: "k")).Must(202).Json;

        var turn = (string)first["turn_id"]!;
        Assert.Equal([turn, turn], new[] { same, other }.Select(answer => (string)answer["turn_id"]!));
        Assert.Null(same["warnings"]);
        var warning = Assert.Single(other["warnings"]!.AsArray());
        Assert.Contains(turn, (string)warning!, StringComparison.Ordinal);
        Assert.Equal(["one"], (await Stage.Api.EventsAsync(turn)).Texts());
        Assert.Single(Stage.Codex.Turns);
    }
}
