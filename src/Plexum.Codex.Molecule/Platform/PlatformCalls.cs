namespace Plexum.Codex.Molecule.Platform;

/// <summary>One actor's calls to the platform. Each has a time limit, and all are cancelled when the actor stops.</summary>
/// <param name="time">The clock of the limit.</param>
internal sealed class PlatformCalls(TimeProvider time)
{
    // A call that never ends would block its conversation forever.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Cancelled when the actor stops.</summary>
    public CancellationToken Stopping => Source.Token;

    // Never disposed: a call may be about to start, and a source without a timer holds no resources.
    private CancellationTokenSource Source { get; } = new();

    /// <summary>Runs a call under the time limit.</summary>
    /// <exception cref="PlatformUnavailableException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">The actor has stopped.</exception>
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

    /// <summary>Cancels all calls.</summary>
    public void Stop() => Source.Cancel();
}
