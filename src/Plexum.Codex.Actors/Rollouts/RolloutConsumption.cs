using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Sessions;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>A consume from the session file to the rewritten rollout. It runs outside the actors and holds all locks itself.</summary>
internal sealed class RolloutConsumption(RolloutServices services, RolloutFinder finder)
{
    /// <summary>Carries it out.</summary>
    /// <exception cref="AgentBusyException">Another program runs a turn of the agent and did not end within the limit.</exception>
    /// <exception cref="ThreadBusyException">Another program writes to the thread and did not end within the limit.</exception>
    /// <exception cref="CodexException">The rollout cannot be used; it is as it was.</exception>
    /// <exception cref="IOException">A lock cannot be made, or codex's sessions cannot be looked at.</exception>
    public async Task<ConsumeResult> RunAsync(AgentDirectory directory, string workspace, ImmutableArray<RolloutMutation> mutations)
    {
        var request = new ConsumeRequest(mutations);
        var session = new SessionFile(workspace, services.Time);
        if (session.Peek(out var problem) is null)
        {
            return Nothing(session, problem, request);
        }

        // A turn of another program may just have begun another thread: what counts is what the file says under the lock.
        using var agent = await LockAsync(directory).ConfigureAwait(false);
        return session.Peek(out problem) is { } thread && finder.Find(thread) is { } rollout
            ? await RewriteAsync(thread, rollout, request).ConfigureAwait(false)
            : Nothing(session, problem, request);
    }

    private static ConsumeResult Nothing(SessionFile session, string? problem, ConsumeRequest request) => new(
        0, request.Count, problem is null
            ? request.Warnings
            : request.Warnings.Add($"The session file {session.FilePath} cannot be used ({problem}), so there is no thread to consume in."));

    private async Task<AgentLock> LockAsync(AgentDirectory agent)
    {
        agent.Create();
        var limit = services.Settings.LockLimit;
        var holder = new LockHolder(null, null);
        using var patience = new CancellationTokenSource(limit, services.Time);
        try
        {
            return await AgentLock.AcquireAsync(agent.LockFile, services.Time, found => holder = found, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new AgentBusyException(string.Create(
                CultureInfo.InvariantCulture,
                $"{holder} runs a turn of agent {agent.AgentId} and still did after {limit.TotalSeconds:0.#} seconds. Wait for its end, then ask again."));
        }
    }

    private async Task<ConsumeResult> RewriteAsync(ThreadId thread, RolloutFile rollout, ConsumeRequest request)
    {
        using var writer = await ThreadWriterLock.AcquireAsync(
            services.Settings.CodexHome, thread, services.Settings.LockLimit, services.Time).ConfigureAwait(false);

        // Before the lock was granted its holder, codex, may have compressed or unpacked the file.
        var found = finder.Find(thread) ?? rollout;
        return RolloutRewriter.Apply(found.Path, request, services.Settings.Limits);
    }
}
