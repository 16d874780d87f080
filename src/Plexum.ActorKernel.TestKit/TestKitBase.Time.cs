using System.Diagnostics;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>A clock that only goes forward; only differences of its values mean something.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>What is left of the innermost <c>Within</c> block; zero when it is over.</summary>
    /// <exception cref="InvalidOperationException">Not inside a <c>Within</c> block.</exception>
    public TimeSpan Remaining => Left ?? throw new InvalidOperationException("Remaining may not be called outside of \"within\"");

    /// <summary>What is left of the innermost <c>Within</c> block; outside of one, the dilated default of an expectation.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    private TimeSpan? Left => _state.End is not { } end ? null : end > Now ? end - Now : TimeSpan.Zero;

    /// <summary><paramref name="duration"/> dilated, or without one <see cref="RemainingOrDefault"/>.</summary>
    /// <exception cref="ArgumentException">The duration is negative.</exception>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    /// <summary><paramref name="duration"/> times <see cref="TestKitSettings.TestTimeFactor"/>.</summary>
    /// <exception cref="ArgumentException">The duration is negative.</exception>
    public TimeSpan Dilated(TimeSpan duration) => duration < TimeSpan.Zero
        ? throw new ArgumentException($"A duration to wait must not be negative, but is {duration}.", nameof(duration))
        : new TimeSpan((long)(duration.Ticks * TestKitSettings.TestTimeFactor));

    /// <summary><paramref name="timeout"/> as it is, or without one the undilated default of an expectation.</summary>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? TestKitSettings.SingleExpectDefault;

    /// <summary>What is left of the innermost <c>Within</c> block; outside of one, <paramref name="duration"/>.</summary>
    protected TimeSpan RemainingOr(TimeSpan duration) => Left ?? duration;
}
