namespace Plexum.ActorKernel.Tests.Scheduling;

internal static class TokenWaiting
{
    /// <summary>Ends when the token is cancelled; fails when that takes too long.</summary>
    public static async Task WaitAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (token.Register(cancelled.SetResult))
        {
            await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }
}
