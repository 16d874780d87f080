using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>Runs a consume from the session file to the rewritten rollout, outside the actors. It holds all locks itself.</summary>
internal sealed class ThreadRewrite(RolloutServices services, RolloutFinder finder)
{
    /// <summary>Consumes the calls.</summary>
    /// <exception cref="AgentBusyException">Another program still held the agent's lock when the limit expired.</exception>
    /// <exception cref="ThreadBusyException">Another program still held the thread's writer lock when the limit expired.</exception>
    /// <exception cref="CodexException">The rollout cannot be used; it is unchanged.</exception>
    /// <exception cref="IOException">A lock cannot be created, or codex's sessions cannot be read.</exception>
    public async Task<ConsumeResult> RunAsync(AgentDirectory directory, string workspace, ImmutableArray<CallToConsume> toConsume)
    {
        var request = new RewriteRequest(toConsume);
        var session = new SessionFile(workspace, services.Time);
        if (session.Peek(out var problem) is null)
        {
            return Nothing(session, problem, request);
        }

        // Another program's turn may just have started another thread, so read the file again under the lock.
        using var agent = await LockAsync(directory).ConfigureAwait(false);
        return session.Peek(out problem) is { } thread && finder.Find(thread) is { } rollout
            ? await RewriteAsync(thread, rollout, request).ConfigureAwait(false)
            : Nothing(session, problem, request);
    }

    private static ConsumeResult Nothing(SessionFile session, string? problem, RewriteRequest request) =>
        new(
            0,
            request.Count,
            problem is null
                ? request.Warnings
                : request.Warnings.Add($"Nothing was consumed, because the session file {session.FilePath} cannot be used: {problem}.")
        );

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

    private async Task<ConsumeResult> RewriteAsync(ThreadId thread, RolloutFile rollout, RewriteRequest request)
    {
        using var writer = await ThreadWriterLock
            .AcquireAsync(services.Settings.CodexHome, thread, services.Settings.LockLimit, services.Time)
            .ConfigureAwait(false);

        // codex may have compressed or unpacked the file while it held the lock.
        var found = finder.Find(thread) ?? rollout;
        return RolloutRewriter.Apply(found.Path, request, services.Settings.Limits);
    }
}
