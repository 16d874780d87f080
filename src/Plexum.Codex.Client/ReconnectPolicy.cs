using Polly;
using Polly.Retry;

namespace Plexum.Codex.Client;

/// <summary>
/// Retries, with exponential back-off, what failed because the daemon was unreachable. Callers do not notice a restart of the daemon.
/// </summary>
public sealed class ReconnectPolicy
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;
    private long? _missingSince;

    /// <param name="time">The clock.</param>
    /// <param name="limit">How long the daemon may be unreachable.</param>
    public ReconnectPolicy(TimeProvider time, TimeSpan limit)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = First,
                    MaxDelay = Max,
                    UseJitter = true,
                    ShouldHandle = attempt => ValueTask.FromResult(IsOfConnection(attempt.Outcome.Exception) && HasTimeLeft(limit)),
                }
            )
            .Build();
    }

    /// <summary>Whether an exception means that the connection to the daemon failed.</summary>
    public static bool IsOfConnection(Exception? e) => e is HttpRequestException or IOException;

    /// <summary>Runs something until it succeeds, fails for another reason, or the daemon has been unreachable for too long.</summary>
    public async ValueTask<T> TryAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var result = await _pipeline.ExecuteAsync(work, cancellationToken).ConfigureAwait(false);
        Seen();
        return result;
    }

    /// <summary>Notes that the daemon was reachable until now.</summary>
    public void Seen() => _missingSince = null;

    private bool HasTimeLeft(TimeSpan limit) => _time.GetElapsedTime(_missingSince ??= _time.GetTimestamp()) < limit;
}
