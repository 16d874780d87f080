using Plexum.Codex.Inbox;
using Polly;
using Polly.CircuitBreaker;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>
/// Keeps all calls together from drowning a platform that is down. The inbox repeats what failed, each message by itself, from 1 to 60
/// seconds; nothing is repeated here, or the attempts would multiply. What is here is the limit over all of them. After a failure calls go
/// one a second until one works. When nothing has worked for ten seconds all of them are refused but one after 1 second, after 2, 4, up
/// to 60, and the first that works opens the way.
/// </summary>
internal sealed class PlatformBreaker
{
    private const int MostPauses = 60;

    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private readonly ResiliencePipeline<PlatformAnswer> _way;
    private readonly Lock _lock = new();
    private bool _isFailing;
    private long _lastCall;
    private long _silentSince;
    private TimeSpan _silence;

    /// <param name="time">The clock.</param>
    /// <param name="pause">The first pause, of which the longest one has sixty: one second, unless there is no time to lose.</param>
    public PlatformBreaker(TimeProvider time, TimeSpan pause)
    {
        (_time, _pause) = (time, pause);
        _way = new ResiliencePipelineBuilder<PlatformAnswer> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<PlatformAnswer>
            {
                // A platform that fails one call in five is slow and not down.
                FailureRatio = 0.9,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDurationGenerator = opening => ValueTask.FromResult(Break(opening.HalfOpenAttempts)),
                ShouldHandle = attempt => ValueTask.FromResult(IsTrouble(attempt.Outcome)),
            })
            .Build();
    }

    /// <summary>Makes a call, unless the platform is to be left alone.</summary>
    /// <exception cref="PlatformUnavailableException">It is, or the call did not work.</exception>
    public async ValueTask<PlatformAnswer> RunAsync(Func<CancellationToken, ValueTask<PlatformAnswer>> call, CancellationToken cancellationToken)
    {
        if (LeftOfSilence() is { } left)
        {
            throw new PlatformUnavailableException("The platform asked not to be asked for a while.", left);
        }

        try
        {
            return await _way.ExecuteAsync(attempt => PacedAsync(call, attempt), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new PlatformUnavailableException("The platform did not answer lately and is not asked just now.", e.RetryAfter);
        }
    }

    private TimeSpan Break(int attempts) => _pause * Math.Min(MostPauses, Math.Pow(2, Math.Min(attempts, 10))) * (1 + (Random.Shared.NextDouble() / 5));

    private static bool IsTrouble(Outcome<PlatformAnswer> outcome) =>
        outcome.Exception is PlatformUnavailableException || outcome.Result is { IsOfTrouble: true, IsOfPeer: false };

    private async ValueTask<PlatformAnswer> PacedAsync(Func<CancellationToken, ValueTask<PlatformAnswer>> call, CancellationToken cancellationToken)
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
            // What is wrong with a peer says nothing of the platform, but that it answers.
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
