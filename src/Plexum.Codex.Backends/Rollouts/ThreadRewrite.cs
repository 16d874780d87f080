using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>Runs a consume from the agent's thread to the rewritten rollout, outside the actors. It holds all locks itself.</summary>
internal sealed class ThreadRewrite(RolloutServices services, RolloutFinder finder, RolloutOpener opener)
{
    private readonly InheritedCalls _inherited = new(opener);

    /// <summary>Consumes the calls.</summary>
    /// <exception cref="AgentBusyException">Another program still held the agent's lock when the limit expired.</exception>
    /// <exception cref="ThreadBusyException">Another program still held the thread's writer lock when the limit expired.</exception>
    /// <exception cref="CodexException">The rollout or the record of the agent's thread cannot be used; nothing is changed.</exception>
    /// <exception cref="IOException">A lock cannot be created, or codex's sessions cannot be read.</exception>
    public async Task<ConsumeResult> RunAsync(AgentDirectory directory, string workspace, ImmutableArray<CallToConsume> toConsume)
    {
        var request = new RewriteRequest(toConsume);
        var session = new SessionFile(workspace, services.Time);
        var own = new AgentThread(services.Threads, directory.AgentId, session);
        if (own.Peek(out var problem) is null)
        {
            return Nothing(null, session, problem, request);
        }

        // Another program's turn may just have started another thread, so look again under the lock.
        using var agent = await LockAsync(directory).ConfigureAwait(false);
        var found = own.Peek(out problem);
        if (found is not { } thread || await FindAsync(thread).ConfigureAwait(false) is not { } rollout)
        {
            return Nothing(found, session, problem, request);
        }

        own.Claim(thread);
        var result = await RewriteAsync(thread, rollout, request).ConfigureAwait(false);
        return result with { Warnings = WarningsOf(thread, session, problem, result.Warnings) };
    }

    // The app-server has a thread in the archive while it unloads it. If it dies there, the next one takes it out.
    private async Task<RolloutFile?> FindAsync(ThreadId thread)
    {
        if (finder.Find(thread) is { } rollout)
        {
            return rollout;
        }

        if (ArchivedRollout.Find(services.Settings.CodexHome, thread) is not { } archived)
        {
            // Codex may have taken it out in between.
            return finder.Find(thread);
        }

        await ReleaseAsync(thread).ConfigureAwait(false);
        return finder.Find(thread)
            ?? throw new ThreadBusyException(
                $"Nothing was consumed, because the thread {thread} is in codex's archive ({archived}). If codex's app-server is about to "
                    + $"take it out, try again in a moment. Otherwise bring it back: "
                    + ThreadLocator.CommandOf(services.Settings.CodexHome, "unarchive", thread)
            );
    }

    private static ConsumeResult Nothing(ThreadId? own, SessionFile session, string? problem, RewriteRequest request) =>
        new(0, request.Count, WarningsOf(own, session, problem, request.Warnings));

    private static ImmutableArray<string> WarningsOf(ThreadId? own, SessionFile session, string? problem, ImmutableArray<string> others) =>
        problem is null ? others
        : own is null ? others.Add($"Nothing was consumed, because the session file {session.FilePath} cannot be used: {problem}.")
        : others.Add($"The session file {session.FilePath} was ignored: {problem}. The agent's own thread is {own}.");

    private async Task<FileLock> LockAsync(AgentDirectory agent)
    {
        agent.Create();
        var limit = services.Settings.LockLimit;
        var holder = new LockHolder(null, null);
        using var reconnect = new CancellationTokenSource(limit, services.Time);
        try
        {
            return await FileLock
                .AcquireAsync(agent.LockFile, services.Time, found => holder = found, reconnect.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new AgentBusyException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Agent {agent.AgentId} was still locked by {holder} after {limit.TotalSeconds:0.#} s. "
                        + $"Wait until its turn ends, then try again."
                )
            );
        }
    }

    private async Task ReleaseAsync(ThreadId thread)
    {
        var limit = services.Settings.LockLimit;
        using var over = new CancellationTokenSource(limit, services.Time);
        try
        {
            await services.Loaded.ReleaseAsync(thread, over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new ThreadBusyException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The thread {thread} was still loaded in codex's app-server after {limit.TotalSeconds:0.#} s. Try again in a moment."
                )
            );
        }
    }

    private async Task<ConsumeResult> RewriteAsync(ThreadId thread, RolloutFile rollout, RewriteRequest request)
    {
        // A codex that has the thread loaded would go on with what it was, and write the next turn into the file that is replaced here.
        await ReleaseAsync(thread).ConfigureAwait(false);
        using var writer = await ThreadWriterLock
            .AcquireAsync(services.Settings.CodexHome, thread, services.Settings.LockLimit, services.Time)
            .ConfigureAwait(false);

        // codex may have compressed or unpacked the file while it held the lock.
        var found = finder.Find(thread) ?? rollout;
        var result = RolloutRewriter.Apply(found.Path, request, services.Settings.Limits);
        return result.Touched < request.Count
            ? result with
            {
                Warnings = [.. result.Warnings, .. _inherited.Describe(thread, request)],
            }
            : result;
    }
}
