namespace Akka.TestKit.Internal;

/// <summary>
/// The pauses between the attempts of a waiting assertion. Unless the caller gave an interval they start at a
/// millisecond and double, so that what holds soon is seen soon.
/// </summary>
internal sealed class Retry
{
    private readonly TimeSpan _start = TestKitBase.Now;
    private readonly TimeSpan _max;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    internal Retry(TimeSpan max, TimeSpan? interval, TimeSpan longestByDefault)
    {
        _max = max;
        _longest = interval is { } given ? Positive(given, nameof(interval)) : longestByDefault;
        _next = interval is null ? TimeSpan.FromMilliseconds(1) : _longest;
    }

    internal int Attempts { get; private set; }

    internal TimeSpan Elapsed => TestKitBase.Now - _start;

    /// <summary>Counts a failed attempt; false when the time is over.</summary>
    internal bool AnotherAttempt()
    {
        Attempts++;
        return Elapsed < _max;
    }

    internal void Pause(CancellationToken cancellationToken)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(NextPause(), cancellationToken);
    }

    internal Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(NextPause(), cancellationToken);

    private static TimeSpan Positive(TimeSpan interval, string name) =>
        interval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue
        : interval < TimeSpan.Zero ? throw new ArgumentException($"The interval must not be negative, but is {interval}.", name)
        : interval;

    private TimeSpan NextPause()
    {
        var left = _max - Elapsed;
        var pause = left < _next ? left : _next;
        _next = _next < _longest / 2 ? _next * 2 : _longest;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
