using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// The daemon is killed while the real codex waits for a tool of the host's. codex 0.169.0 gives the call up as soon as the relay has ended
/// and does not start another one in the same turn.
/// </summary>
public sealed class ToolRestartSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task A_daemon_that_is_killed_in_mid_call_leaves_a_turn_whose_model_is_told_so_and_goes_on(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        Directory.CreateDirectory(rig.Profile);
        await using var daemon = new DaemonProcess(rig.Profile, () => rig.ProgramVariables) { Settings = ["tools.host-wait=1s"] };
        await daemon.StartAsync();
        var turn = await daemon.Api.SubmitAsync(
            "!mcp plexum-host-alice get\n!say between\n!mcp plexum-host-alice get\n!outputs",
            change: DaemonApi.WithTool
        );
        await CalledAsync(daemon.Api, turn);

        await daemon.RestartAsync();

        var events = (await daemon.Api.EventsAsync(turn)).ConvertAll(e => e.Json);
        var results = events.Where(e => (string)e["type"]! == "tool_result").ToList();
        Assert.Equal(2, results.Count);
        Assert.All(results, result => Assert.True((bool)result["is_error"]!));
        var words = backend == BackendKind.Exec ? "Transport closed" : "The tool get was not called";
        Assert.All(results, result => Assert.Contains(words, (string)result["output"]!, StringComparison.Ordinal));
        Assert.Contains(events, e => (string?)e["text"] == "between");
        Assert.Equal("end_turn", (string)events[^1]["stop_reason"]!);
    }

    private static async Task CalledAsync(DaemonApi api, string turn)
    {
        using var response = await api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        await using var calls = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
        Assert.True(await calls.MoveNextAsync().WithinLimit());
    }
}
