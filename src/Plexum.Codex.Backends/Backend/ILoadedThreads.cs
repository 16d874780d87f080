using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>
/// The threads that a running codex holds although no turn of theirs runs. Such a codex has the thread's writer lock and would lose what
/// another process writes to its rollout. Thread-safe.
/// </summary>
public interface ILoadedThreads
{
    /// <summary>
    /// Makes codex let go of a thread; completes when its writer lock is free of it. Does nothing if codex does not hold it.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ThreadBusyException">Codex cannot let go now, for instance because a turn runs in the thread.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    Task ReleaseAsync(ThreadId thread, CancellationToken cancellationToken);
}

/// <summary>The threads of a program that never runs such a codex.</summary>
public sealed class NoLoadedThreads : ILoadedThreads
{
    private NoLoadedThreads() { }

    /// <summary>The only instance.</summary>
    public static NoLoadedThreads Instance { get; } = new();

    /// <inheritdoc/>
    public Task ReleaseAsync(ThreadId thread, CancellationToken cancellationToken) => Task.CompletedTask;
}
