using Plexum.Codex.Events;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>When an account is free again, as a turn's error tells, however codex has written it.</summary>
public sealed class LimitSpecs : AgentTestKit
{
    [Theory]
    [InlineData("\"1900000000\"")]
    [InlineData("1900000000000")]
    [InlineData("\"2030-03-17T17:46:40Z\"")]
    public void The_time_of_the_reset_is_told_in_whatever_form_it_was_recorded(string resetsAt)
    {
        Stage.Script(Limited(resetsAt));

        var story = Run("hi", StopReason.Error);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000), story.Error.ResetsAt);
        Assert.DoesNotContain(NoticeCodes.RateLimitsUnreadable, story.Notices);
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_told_in_a_notice()
    {
        Stage.Script(Limited("\"in a while\""));

        var story = Run("hi", StopReason.Error);

        Assert.Null(story.Error.ResetsAt);
        Assert.Contains("resets_at", story.Notice(NoticeCodes.RateLimitsUnreadable).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_the_limits_that_is_no_json_is_told_in_a_notice()
    {
        Stage.Script(Limited("NaN"));

        var story = Run("hi", StopReason.Error);

        Assert.Null(story.Error.ResetsAt);
        Assert.Contains("token_count", story.Notice(NoticeCodes.RateLimitsUnreadable).Message, StringComparison.Ordinal);
    }

    private static string[] Limited(string resetsAt) =>
        [
            "thread",
            "turn",
            """rollout {"type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":"""
                + """{"primary":{"used_percent":"100","window_minutes":300,"resets_at":"""
                + resetsAt
                + "},\"secondary\":null}}}",
            "failed You've hit your usage limit.",
            "exit 1",
        ];
}
