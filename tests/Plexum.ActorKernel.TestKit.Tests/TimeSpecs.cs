using Akka.Actor;
using Akka.TestKit.Xunit2;
using Xunit;
using Xunit.Sdk;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class TimeSpecs : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public TimeSpecs()
        : base("akka.test { timefactor = 2, single-expect-default = 20ms }")
    {
    }

    [Fact]
    public void Dilated_should_multiply_by_the_time_factor()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Dilated(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(2), RemainingOrDilated(TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentException>(() => Dilated(TimeSpan.FromTicks(-1)));
        Assert.Equal(2.0, TestKitSettings.TestTimeFactor);
    }

    [Fact]
    public void Without_a_block_the_default_should_hold_dilated()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(40), RemainingOrDefault);
        Assert.Equal(TimeSpan.FromMilliseconds(40), RemainingOrDilated(null));
        Assert.Equal(TimeSpan.FromMilliseconds(20), GetTimeoutOrDefault(null));
        Assert.Throws<InvalidOperationException>(() => Remaining);
        Of(() => ExpectMsg<string>(), "Timeout 00:00:00.04");
        Of(() => ExpectMsg<string>(TimeSpan.FromMilliseconds(15)), "Timeout 00:00:00.03");
    }

    [Fact]
    public void Within_should_return_the_result_of_its_block()
    {
        Within(Long, () => TestActor.Tell("x"));
        Assert.Equal("x", Within(Long, () => ExpectMsg<string>()));
        Assert.Equal(7, Within(TimeSpan.Zero, Long, () => 7));
    }

    [Fact]
    public void Within_should_give_expectations_what_is_left()
    {
        Within(Long, () =>
        {
            Assert.InRange(Remaining, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
            Within(TimeSpan.FromSeconds(10), () => Assert.InRange(RemainingOrDefault, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)));
            Assert.InRange(RemainingOrDefault, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        });
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public void An_inner_Within_should_not_outlast_the_outer()
    {
        Within(TimeSpan.FromSeconds(10), () =>
            Within(Long, () => Assert.InRange(Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(20))));
        Of(() => Within(TimeSpan.FromSeconds(10), () => Within(Long, Long, () => { }, "too much")), "not possible", "too much");
    }

    [Fact]
    public void Within_should_fail_when_the_block_is_too_fast()
    {
        var failure = Assert.ThrowsAny<XunitException>(() => Within(Long, Long, () => { }, "wait"));

        Assert.Contains("should have at least been 00:00:30", failure.Message, StringComparison.Ordinal);
        Assert.Contains("wait", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Within_should_fail_when_the_block_is_too_slow_but_not_within_epsilon()
    {
        Of(() => Within(TimeSpan.FromMilliseconds(1), () => ExpectNoMsg(10)), "exceeding 00:00:00.002");
        Within(TimeSpan.FromMilliseconds(1), () => ExpectNoMsg(10), Long);
    }

    [Fact]
    public void Within_should_pass_when_it_ends_with_waiting_for_silence() =>
        Within(TimeSpan.FromMilliseconds(10), () => ReceiveWhile<object>(m => m));

    [Fact]
    public void A_failure_inside_of_Within_should_come_out_as_it_is_and_end_the_block()
    {
        Assert.Throws<FormatException>(() => Within(Long, () => throw new FormatException("mine")));
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public async Task WithinAsync_should_do_the_same_as_Within()
    {
        TestActor.Tell("x");
        Assert.Equal("x", await WithinAsync(Long, async () => await ExpectMsgAsync<string>()));
        await WithinAsync(Long, () =>
        {
            Assert.InRange(Remaining, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
            return Task.CompletedTask;
        });
        await Of(() => WithinAsync(Long, Long, () => Task.CompletedTask), "should have at least been 00:00:30");
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public async Task WithinAsync_should_give_up_a_block_that_does_not_end()
    {
        var never = new TaskCompletionSource();

        await Of(() => WithinAsync(TimeSpan.FromMilliseconds(5), () => never.Task), "exceeding 00:00:00.01");
    }

    [Fact]
    public async Task WithinAsync_should_wrap_the_failure_of_its_block()
    {
        var failure = await Assert.ThrowsAsync<AggregateException>(() => WithinAsync(Long, async () =>
        {
            await Task.Yield();
            throw new FormatException("mine");
        }));

        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public async Task An_expectation_should_not_wait_on_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = ExpectMsgAsync<string>(TimeSpan.FromMinutes(10), cancellationToken: cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
    }
}
