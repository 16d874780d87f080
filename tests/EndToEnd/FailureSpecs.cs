using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

public sealed class FailureSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [InlineData("!fail 400", "bad_request", TurnErrorClass.Request, false)]
    [InlineData("!fail 401", "unauthorized", TurnErrorClass.Authentication, false)]
    [InlineData("!fail 429", "rate_limited", TurnErrorClass.RateLimit, true)]
    [InlineData("!fail limit", "usage_limit_exceeded", TurnErrorClass.UsageLimit, true)]
    [InlineData("!fail quota", "quota_exceeded", TurnErrorClass.UsageLimit, false)]
    [InlineData("!fail 500", "server_error", TurnErrorClass.ModelServer, true)]
    [InlineData("!fail 503", "server_error", TurnErrorClass.ModelServer, true)]
    [InlineData("!fail context", "context_window_exceeded", TurnErrorClass.ContextWindow, false)]
    [InlineData("!drop", "connection_failed", TurnErrorClass.Network, true)]
    [InlineData("!say Half an answer\n!drop", "connection_failed", TurnErrorClass.Network, true)]
    public async Task A_failure_of_the_model_is_one_error_of_its_kind(string prompt, string code, TurnErrorClass kind, bool retryable)
    {
        await using var rig = new CodexRig(model.Server);
        var turn = await rig.SayAsync(prompt);

        Assert.Equal(StopReason.Error, turn.End.StopReason);
        Assert.Equal((code, kind, retryable), (turn.Error!.Code, turn.Error.Class, turn.Error.Retryable));
        Assert.NotEmpty(turn.Error.Message);
    }

    [Fact]
    public async Task A_turn_after_a_failed_one_continues_in_its_thread()
    {
        await using var rig = new CodexRig(model.Server);
        await rig.SayAsync("Before.");
        var failed = await rig.SayAsync("!fail 500");
        var next = (await rig.SayAsync("!recall")).Succeeded();

        Assert.Equal(StopReason.Error, failed.End.StopReason);
        Assert.Equal(failed.Thread, next.Thread);
        Assert.StartsWith("Before.", next.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_dropped_once_is_reported_and_does_not_fail_the_turn()
    {
        await using var rig = new CodexRig(model.Server.Provider with { StreamRetries = 2 });
        var turn = (await rig.SayAsync("!drop-once\n!say All is well")).Said("All is well");

        Assert.Contains(NoticeCodes.Reconnecting, turn.NoticeCodes);
        Assert.Equal([0, 1], model.Server.RequestsOf(turn.Thread).Select(request => request.Attempt));
    }
}
