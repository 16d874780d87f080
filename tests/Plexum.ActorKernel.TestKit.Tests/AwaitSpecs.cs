using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class AwaitSpecs : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    // Without an interval Akka.NET looks ten times within the limit.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private int _attempts;

    [Fact]
    public async Task AwaitAssert_should_repeat_the_assertion_until_it_holds()
    {
        AwaitAssert(() => Assert.True(++_attempts >= 3), Long);
        Assert.Equal(3, _attempts);
        await AwaitAssertAsync(() => Assert.True(++_attempts >= 6), Long, TimeSpan.FromMilliseconds(1));
        Assert.Equal(6, _attempts);
        await AwaitAssertAsync(
            () =>
            {
                Assert.True(++_attempts >= 9);
                return Task.CompletedTask;
            },
            Long,
            TimeSpan.FromMilliseconds(1));
        Assert.Equal(9, _attempts);
    }

    [Fact]
    public async Task AwaitAssert_should_throw_the_last_failure_when_the_time_is_over()
    {
        Of(() => AwaitAssert(() => Assert.Equal("wanted", $"attempt {++_attempts}"), Soon, TimeSpan.FromMilliseconds(5)), "wanted", $"attempt ");
        Assert.True(_attempts > 1);
        await Of(() => AwaitAssertAsync(() => Assert.Equal("wanted", "found"), Soon), "wanted", "found");
        await Assert.ThrowsAsync<FormatException>(() => AwaitAssertAsync(() => Task.FromException(new FormatException()), Soon));
    }

    [Fact]
    public async Task AwaitCondition_should_wait_until_it_holds()
    {
        AwaitCondition(() => ++_attempts >= 2);
        AwaitCondition(() => ++_attempts >= 4, Short);
        AwaitCondition(() => ++_attempts >= 6, Short, "six");
        AwaitCondition(() => ++_attempts >= 8, Long, TimeSpan.FromMilliseconds(1), "eight");
        await AwaitConditionAsync(() => ++_attempts >= 10);
        await AwaitConditionAsync(() => Task.FromResult(++_attempts >= 12), Short);
        await AwaitConditionAsync(() => ++_attempts >= 14, Long, TimeSpan.FromMilliseconds(1));

        Assert.Equal(14, _attempts);
    }

    [Fact]
    public async Task AwaitCondition_should_say_how_long_it_waited_for_what()
    {
        Of(() => AwaitCondition(() => false, Soon), "Timeout 00:00:00.04", "waiting for condition");
        Of(() => AwaitCondition(() => false, Soon, "the moon"), "Timeout 00:00:00.04", "the moon");
        await Of(() => AwaitConditionAsync(() => false, Soon, "the moon"), "Timeout 00:00:00.04", "the moon");
        await Of(() => AwaitConditionAsync(() => Task.FromResult(false), Soon, TimeSpan.FromMilliseconds(1), "the moon"), "the moon");
    }

    [Fact]
    public async Task AwaitConditionNoThrow_should_tell_whether_it_holds()
    {
        Assert.True(AwaitConditionNoThrow(() => ++_attempts >= 2, Long, TimeSpan.FromMilliseconds(1)));
        Assert.False(AwaitConditionNoThrow(() => false, Soon));
        Assert.True(await AwaitConditionNoThrowAsync(() => ++_attempts >= 4, Long, TimeSpan.FromMilliseconds(1)));
        Assert.False(await AwaitConditionNoThrowAsync(() => Task.FromResult(false), Soon));
    }
}
