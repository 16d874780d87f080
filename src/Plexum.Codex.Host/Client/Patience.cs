using Polly;
using Polly.Retry;

namespace Plexum.Codex.Host.Client;

/// <summary>
/// Tries again, at first soon and then less often, what failed because the daemon was not there: a daemon that is started anew is
/// not noticed by whoever waits for it.
/// </summary>
public sealed class Patience
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;
    private long? _missingSince;

    /// <param name="time">The clock.</param>
    /// <param name="limit">How long the daemon may be away.</param>
    public Patience(TimeProvider time, TimeSpan limit)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = s_first,
                MaxDelay = s_longest,
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(IsOfConnection(attempt.Outcome.Exception) && HasTimeLeft(limit)),
            })
            .Build();
    }

    /// <summary>Whether a failure is one of the way to the daemon.</summary>
    public static bool IsOfConnection(Exception? e) => e is HttpRequestException or IOException;

    /// <summary>Runs something until it succeeds, fails for another reason, or the daemon was away for too long.</summary>
    public async ValueTask<T> TryAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var result = await _pipeline.ExecuteAsync(work, cancellationToken).ConfigureAwait(false);
        Seen();
        return result;
    }

    /// <summary>The daemon was there until now.</summary>
    public void Seen() => _missingSince = null;

    private bool HasTimeLeft(TimeSpan limit) => _time.GetElapsedTime(_missingSince ??= _time.GetTimestamp()) < limit;
}
