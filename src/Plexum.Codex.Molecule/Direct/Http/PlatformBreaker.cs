using Plexum.Codex.Molecule.Platform;
using Polly;
using Polly.CircuitBreaker;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>
/// Keeps the calls from overloading a platform that is down. It limits all calls together and never retries: the inbox retries each
/// message itself, after 1 to 60 seconds, and retries here would multiply. After a failure, calls are paced to one a second until one
/// succeeds. If nearly all calls fail for ten seconds, calls are refused except a probe after 1, 2, 4 … 60 seconds, until one succeeds.
/// </summary>
internal sealed class PlatformBreaker
{
    private const int MaxPauses = 60;

    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private readonly ResiliencePipeline<PlatformAnswer> _way;
    private readonly Lock _lock = new();
    private bool _isFailing;
    private long _lastCall;
    private long _silentSince;
    private TimeSpan _silence;

    /// <param name="time">The clock.</param>
    /// <param name="pause">The first pause; the longest is sixty times as long. One second in production.</param>
    public PlatformBreaker(TimeProvider time, TimeSpan pause)
    {
        (_time, _pause) = (time, pause);
        _way = new ResiliencePipelineBuilder<PlatformAnswer> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<PlatformAnswer>
                {
                    // A platform that fails only some of the calls is not down.
                    FailureRatio = 0.9,
                    MinimumThroughput = 2,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDurationGenerator = opening => ValueTask.FromResult(Break(opening.HalfOpenAttempts)),
                    ShouldHandle = attempt => ValueTask.FromResult(IsTrouble(attempt.Outcome)),
                }
            )
            .Build();
    }

    /// <summary>Makes a call, unless calls are paused.</summary>
    /// <exception cref="PlatformUnavailableException">Calls are paused, or the call failed.</exception>
    public async ValueTask<PlatformAnswer> RunAsync(
        Func<CancellationToken, ValueTask<PlatformAnswer>> call,
        CancellationToken cancellationToken
    )
    {
        if (LeftOfSilence() is { } left)
        {
            throw new PlatformUnavailableException("The platform asked for a pause (Retry-After).", left);
        }

        try
        {
            return await _way.ExecuteAsync(attempt => PacedAsync(call, attempt), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new PlatformUnavailableException("The platform has been failing; requests to it are paused.", e.RetryAfter);
        }
    }

    private TimeSpan Break(int attempts) =>
        _pause * Math.Min(MaxPauses, Math.Pow(2, Math.Min(attempts, 10))) * (1 + (Random.Shared.NextDouble() / 5));

    private static bool IsTrouble(Outcome<PlatformAnswer> outcome) =>
        outcome.Exception is PlatformUnavailableException || outcome.Result is { IsOfTrouble: true, IsOfPeer: false };

    private async ValueTask<PlatformAnswer> PacedAsync(
        Func<CancellationToken, ValueTask<PlatformAnswer>> call,
        CancellationToken cancellationToken
    )
    {
        while (UntilNextTurn() is { } wait)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var answer = await call(cancellationToken).ConfigureAwait(false);
            Heed(answer);
            return answer;
        }
        catch (PlatformUnavailableException)
        {
            lock (_lock)
            {
                _isFailing = true;
            }

            throw;
        }
    }

    private TimeSpan? UntilNextTurn()
    {
        lock (_lock)
        {
            var wait = _pause - _time.GetElapsedTime(_lastCall);
            if (_isFailing && wait > TimeSpan.Zero)
            {
                return wait;
            }

            _lastCall = _time.GetTimestamp();
            return null;
        }
    }

    private void Heed(PlatformAnswer answer)
    {
        lock (_lock)
        {
            // A peer's failure still shows that the platform answers.
            _isFailing = answer is { IsOfTrouble: true, IsOfPeer: false };
            if (_isFailing && answer.RetryAfter is { } silence)
            {
                (_silentSince, _silence) = (_time.GetTimestamp(), silence);
            }
        }
    }

    private TimeSpan? LeftOfSilence()
    {
        lock (_lock)
        {
            var left = _silence - _time.GetElapsedTime(_silentSince);
            return left > TimeSpan.Zero ? left : null;
        }
    }
}
