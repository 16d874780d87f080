using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class RolloutErrorSpecs
{
    [Theory]
    [InlineData("context_window_exceeded", 0, "context_window_exceeded", TurnErrorClass.ContextWindow, false)]
    [InlineData("usage_limit_exceeded", 0, "usage_limit_exceeded", TurnErrorClass.UsageLimit, true)]
    [InlineData("session_budget_exceeded", 0, "session_budget_exceeded", TurnErrorClass.UsageLimit, false)]
    [InlineData("rate_limit_exceeded", 0, "rate_limited", TurnErrorClass.RateLimit, true)]
    [InlineData("server_overloaded", 0, "server_error", TurnErrorClass.ModelServer, true)]
    [InlineData("internal_server_error", 0, "server_error", TurnErrorClass.ModelServer, true)]
    [InlineData("unauthorized", 0, "unauthorized", TurnErrorClass.Authentication, false)]
    [InlineData("bad_request", 0, "bad_request", TurnErrorClass.Request, false)]
    [InlineData("cyber_policy", 0, "policy_violation", TurnErrorClass.Request, false)]
    [InlineData("sandbox_error", 0, "sandbox_error", TurnErrorClass.Process, false)]
    [InlineData("http_connection_failed", 401, "unauthorized", TurnErrorClass.Authentication, false)]
    [InlineData("http_connection_failed", 404, "bad_request", TurnErrorClass.Request, false)]
    [InlineData("http_connection_failed", 503, "server_error", TurnErrorClass.ModelServer, true)]
    [InlineData("http_connection_failed", 0, "connection_failed", TurnErrorClass.Network, true)]
    [InlineData("response_stream_connection_failed", 408, "connection_failed", TurnErrorClass.Network, true)]
    [InlineData("response_stream_disconnected", 0, "connection_failed", TurnErrorClass.Network, true)]
    [InlineData("response_too_many_failed_attempts", 429, "rate_limited", TurnErrorClass.RateLimit, true)]
    [InlineData("other", 0, "as_told", TurnErrorClass.Timeout, true)]
    [InlineData("active_turn_not_steerable", 0, "as_told", TurnErrorClass.Timeout, true)]
    [InlineData("of_a_later_version", 500, "as_told", TurnErrorClass.Timeout, true)]
    public void The_rollouts_class_takes_precedence_over_that_of_the_text_and_the_text_stays(
        string name,
        int status,
        string code,
        TurnErrorClass kind,
        bool retryable
    )
    {
        var told = new TurnFailure("as_told", "codex's words", TurnErrorClass.Timeout, true);

        Assert.Equal(new TurnFailure(code, "codex's words", kind, retryable), new RolloutError(name, status).Refine(told));
    }

    [Fact]
    public void A_code_of_the_same_class_that_says_more_stays()
    {
        var quota = CodexFailureText.Of("Quota exceeded. Check your plan.", "x", TurnErrorClass.Process);

        Assert.Equal(quota, new RolloutError("usage_limit_exceeded", 0).Refine(quota));
    }

    [Theory]
    [InlineData(100, 40, 1_800_000_000)]
    [InlineData(100, 100, 1_900_000_000)]
    [InlineData(99, 100, 1_900_000_000)]
    [InlineData(99, 40, 0)]
    public void A_limit_is_lifted_when_all_windows_that_are_used_up_begin_anew(double primary, double secondary, long resetsAt)
    {
        var findings = new RolloutFindings
        {
            RateLimits = new RateLimits(
                new RateLimitWindow(300, primary, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)),
                new RateLimitWindow(10_080, secondary, DateTimeOffset.FromUnixTimeSeconds(1_900_000_000))
            ),
        };

        var failure = findings.Refine(new TurnFailure("usage_limit_exceeded", "m", TurnErrorClass.UsageLimit, true));
        var other = findings.Refine(new TurnFailure("server_error", "m", TurnErrorClass.ModelServer, true));

        Assert.Equal(resetsAt, failure.ResetsAt?.ToUnixTimeSeconds() ?? 0);
        Assert.Null(other.ResetsAt);
    }
}
