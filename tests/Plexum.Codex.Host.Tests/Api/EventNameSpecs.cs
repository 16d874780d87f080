namespace Plexum.Codex.Host.Api;

/// <summary>What the events of a turn are called on the wire: browsers give one named <c>error</c> to <c>EventSource.onerror</c>.</summary>
public sealed class EventNameSpecs() : DaemonTest("thread", "turn", "say x", "failed The usage limit is reached.")
{
    [Fact]
    public async Task An_error_is_not_called_as_browsers_call_a_failed_connection_unless_asked_for()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");

        var events = await ReadAsync($"/v1/turns/{turn}/events");
        var old = await ReadAsync($"/v1/turns/{turn}/events?event_names=type");

        Assert.Equal(["message_start", "text_delta", "notice", "turn_error", "message_end"], events.Select(e => e.Name));
        Assert.Equal(["message_start", "text_delta", "notice", "error", "message_end"], old.Select(e => e.Name));
        Assert.Equal(old.Select(e => e.Name), events.Select(e => (string)e.Json["type"]!));
        Assert.Equal(old.Select(e => e.Data), events.Select(e => e.Data));
    }

    [Fact]
    public async Task Other_names_are_refused_and_no_turn_is_submitted_with_them()
    {
        await Stage.StartHostAsync();

        var refused = await Stage.Api.PostAsync(
            "/v1/agents/alice/turns?event_names=short",
            """{"messages":[{"role":"user","content":"x"}]}""",
            request => request.Headers.Accept.ParseAdd("text/event-stream")
        );

        refused.Problem(400, "bad_query");
        Assert.Empty((await Stage.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray());
    }

    private async Task<List<SseEvent>> ReadAsync(string path)
    {
        using var response = await Stage.Api.OpenAsync(path);
        return await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync());
    }
}
