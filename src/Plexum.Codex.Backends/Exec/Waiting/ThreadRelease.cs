using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Waiting;

/// <summary>Has a codex that runs no turn let go of the thread that a turn continues. Part of the actor of the turn's run.</summary>
/// <param name="loaded">The threads that such a codex holds.</param>
internal sealed class ThreadRelease(ILoadedThreads loaded)
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the thread is free of it.</summary>
    /// <param name="thread">The thread; null for a new one, which nobody has.</param>
    /// <exception cref="Plexum.Codex.Threads.ThreadBusyException">It cannot let go now.</exception>
    /// <exception cref="OperationCanceledException">The turn was told to stop.</exception>
    public async Task OfAsync(ThreadId? thread)
    {
        if (thread is not { } known)
        {
            return;
        }

        using var wait = new CancellationTokenSource();
        var release = loaded.ReleaseAsync(known, wait.Token);
        if (await Task.WhenAny(release, _stopped.Task).ConfigureAwait(false) != release)
        {
            await wait.CancelAsync().ConfigureAwait(false);
        }

        await release.ConfigureAwait(false);
    }

    /// <summary>The turn is told to stop, so it waits no longer.</summary>
    public void Stop() => _stopped.TrySetResult();
}
