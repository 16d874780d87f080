namespace Plexum.Codex.Inbox;

/// <summary>The calls of one actor to the platform: none takes longer than it may, and all end with the actor.</summary>
/// <param name="time">The clock of the limit.</param>
internal sealed class PlatformCalls(TimeProvider time) 
{
    // A call without an end would keep its thread for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Ends with the actor.</summary>
    public CancellationToken Stopping => Source.Token;

    // It is never disposed: a call may be about to begin, and without a timer it holds nothing.
    private CancellationTokenSource Source { get; } = new();

    /// <summary>Runs a call.</summary>
    /// <exception cref="PlatformUnavailableException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">The actor is gone.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> call)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stopping);
        try
        {
            await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !Stopping.IsCancellationRequested)
        {
            throw new PlatformUnavailableException("The platform did not answer within 5 minutes.");
        }
    }

    /// <summary>Ends all of them.</summary>
    public void Stop() => Source.Cancel();
}
