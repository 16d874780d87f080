using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan LongestAssertPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Repeats <paramref name="assertion"/> until it does not throw, for <paramref name="duration"/> (dilated) or what
    /// is left of a <c>Within</c> block, pausing <paramref name="interval"/> (by default up to 100 ms) in between.
    /// </summary>
    /// <remarks>When the time is over, the last exception is thrown as it is.</remarks>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        var retry = new Retry(RemainingOrDilated(duration), interval, LongestAssertPause);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (AnotherAttempt(retry))
            {
                retry.Pause(cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="AwaitAssert" />
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken);
    }

    /// <inheritdoc cref="AwaitAssert" />
    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        var retry = new Retry(RemainingOrDilated(duration), interval, LongestAssertPause);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (AnotherAttempt(retry))
            {
                await retry.PauseAsync(cancellationToken);
            }
        }
    }

    /// <summary>
    /// Waits until <paramref name="conditionIsFulfilled"/> returns true, for <paramref name="max"/> (dilated) or what is
    /// left of a <c>Within</c> block, pausing <paramref name="interval"/> in between; otherwise fails with <paramref name="message"/>.
    /// </summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conditionIsFulfilled);
        var limit = RemainingOrDilated(max);
        var retry = new Retry(limit, interval, limit / 10);
        while (!conditionIsFulfilled())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!retry.AnotherAttempt())
            {
                FailCondition(limit, message);
            }

            retry.Pause(cancellationToken);
        }
    }

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>As <see cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>, but tells the outcome instead of failing. <paramref name="max"/> is not dilated.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conditionIsFulfilled);
        EnsureNotNegative(max, nameof(max));
        var retry = new Retry(max, interval, LongestAssertPause);
        while (!conditionIsFulfilled())
        {
            if (!retry.AnotherAttempt())
            {
                return false;
            }

            retry.Pause(cancellationToken);
        }

        return true;
    }

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public async Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conditionIsFulfilled);
        var limit = RemainingOrDilated(max);
        if (!await HoldsInTime(conditionIsFulfilled, new Retry(limit, interval, limit / 10), cancellationToken))
        {
            FailCondition(limit, message);
        }
    }

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)" />
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), max, interval, message, cancellationToken);

    /// <inheritdoc cref="AwaitConditionNoThrow" />
    public Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conditionIsFulfilled);
        EnsureNotNegative(max, nameof(max));
        return HoldsInTime(conditionIsFulfilled, new Retry(max, interval, LongestAssertPause), cancellationToken);
    }

    /// <inheritdoc cref="AwaitConditionNoThrow" />
    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(AsTask(conditionIsFulfilled), max, interval, cancellationToken);

    private static async Task<bool> HoldsInTime(Func<Task<bool>> condition, Retry retry, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!retry.AnotherAttempt())
            {
                return false;
            }

            await retry.PauseAsync(cancellationToken);
        }

        return true;
    }

    private static Func<Task<bool>> AsTask(Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return () => Task.FromResult(condition());
    }

    private bool AnotherAttempt(Retry retry)
    {
        if (retry.AnotherAttempt())
        {
            return true;
        }

        Sys.Log.Warning("AwaitAssert failed after [{0}] attempts and [{1}]", retry.Attempts, retry.Elapsed);
        return false;
    }

    private void FailCondition(TimeSpan limit, string? message) =>
        Fail("Timeout {0} expired while waiting for condition.{1}", limit, message is null ? "" : " " + message);
}
