using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

public sealed class FailureSpecs(SharedRigs rigs) : IClassFixture<SharedRigs>
{
    [Theory]
    [EachBackend("!fail 400", "bad_request", TurnErrorClass.Request, false)]
    [EachBackend("!fail 401", "unauthorized", TurnErrorClass.Authentication, false)]
    [EachBackend("!fail 429", "rate_limited", TurnErrorClass.RateLimit, true)]
    [EachBackend("!fail limit", "usage_limit_exceeded", TurnErrorClass.UsageLimit, true)]
    [EachBackend("!fail quota", "quota_exceeded", TurnErrorClass.UsageLimit, false)]
    [EachBackend("!fail 500", "server_error", TurnErrorClass.ModelServer, true)]
    [EachBackend("!fail 503", "server_error", TurnErrorClass.ModelServer, true)]
    [EachBackend("!fail context", "context_window_exceeded", TurnErrorClass.ContextWindow, false)]
    [EachBackend("!drop", "connection_failed", TurnErrorClass.Network, true)]
    [EachBackend("!say Half an answer\n!drop", "connection_failed", TurnErrorClass.Network, true)]
    public async Task A_failure_of_the_model_is_one_error_of_its_kind(
        BackendKind backend,
        string prompt,
        string code,
        TurnErrorClass kind,
        bool retryable
    )
    {
        var turn = await rigs.Of(backend).SayAsync(prompt, rigs.NewAgent());

        Assert.Equal(StopReason.Error, turn.End.StopReason);
        Assert.Equal((code, kind, retryable), (turn.Error!.Code, turn.Error.Class, turn.Error.Retryable));
        Assert.NotEmpty(turn.Error.Message);
    }

    [Theory]
    [EachBackend]
    public async Task A_turn_after_a_failed_one_continues_in_its_thread(BackendKind backend)
    {
        var (rig, agent) = (rigs.Of(backend), rigs.NewAgent());
        await rig.SayAsync("Before.", agent);
        var failed = await rig.SayAsync("!fail 500", agent);
        var next = (await rig.SayAsync("!recall", agent)).Succeeded();

        Assert.Equal(StopReason.Error, failed.End.StopReason);
        Assert.Equal(failed.Thread, next.Thread);
        Assert.StartsWith("Before.", next.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task A_stream_that_is_dropped_once_is_reported_and_does_not_fail_the_turn(BackendKind backend)
    {
        await using var rig = new CodexRig(rigs.Model.Provider with { StreamRetries = 2 }, backend);
        var turn = (await rig.SayAsync("!drop-once\n!say All is well")).Said("All is well");

        Assert.Contains(NoticeCodes.Reconnecting, turn.NoticeCodes);
        Assert.Equal([0, 1], rigs.Model.RequestsOf(turn.Thread).Select(request => request.Attempt));
    }
}
