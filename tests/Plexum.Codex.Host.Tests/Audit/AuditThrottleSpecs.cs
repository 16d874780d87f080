namespace Plexum.Codex.Host.Audit;

public sealed class AuditThrottleSpecs
{
    private readonly ManualTime _time = new();
    private readonly AuditThrottle _throttle;

    public AuditThrottleSpecs() => _throttle = new AuditThrottle(_time);

    [Fact]
    public void A_few_pass_each_minute_and_the_first_of_the_next_says_how_many_did_not()
    {
        var passed = Enumerable.Range(0, 100).Count(_ => _throttle.TryPass(out var none) && none == 0);
        Assert.Equal(AuditThrottle.PerMinute, passed);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(_throttle.TryPass(out var leftOut));
        Assert.Equal(100 - AuditThrottle.PerMinute, leftOut);
        Assert.True(_throttle.TryPass(out leftOut));
        Assert.Equal(0, leftOut);
    }
}
