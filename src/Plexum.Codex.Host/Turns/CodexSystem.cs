using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Turns;

/// <summary>The actors in this process, for commands that run turns themselves.</summary>
public sealed class CodexSystem : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly CodexActors _actors;
    private readonly ConcurrentBag<TurnSubmission> _submitted = [];

    private CodexSystem(ActorSystem system, CodexActors actors) => (_system, _actors) = (system, actors);

    /// <summary>What the agents share.</summary>
    public AgentEnvironment Environment => _actors.Environment;

    /// <summary>The registry of the agents.</summary>
    public IActorRef Registry => _actors.Registry;

    /// <summary>Starts the actors.</summary>
    public static CodexSystem Start(HostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var system = ActorSystem.Create(CodexActors.SystemName, CodexActors.ConfigurationOf(settings));
        return new CodexSystem(system, CodexActors.Start(system, settings));
    }

    /// <summary>The actor system.</summary>
    public ActorSystem Actors => _system;

    /// <summary>Hands a turn in.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="toolHandler">Who gets the calls of its tools; null for nobody.</param>
    public TurnSubmission Submit(TurnRequest request, IActorRef? toolHandler = null)
    {
        var submission = TurnSubmission.Start(_system, _actors.Registry, Environment, request, toolHandler);
        _submitted.Add(submission);
        return submission;
    }

    /// <summary>Has tool calls taken out of an agent's thread, after the turns that were handed in before.</summary>
    /// <returns><see cref="AgentProtocol.ConsumeAnswered"/> or <see cref="AgentProtocol.ConsumeFailed"/>.</returns>
    public Task<AgentProtocol.IReply> ConsumeAsync(
        AgentId agent, string? workspace, ImmutableArray<RolloutMutation> mutations, CancellationToken cancellationToken = default) =>
        _actors.Registry.Ask<AgentProtocol.IReply>(new AgentProtocol.Consume(agent, workspace, mutations), cancellationToken);

    /// <summary>Ends all turns that were handed in here; those that are over are not touched.</summary>
    /// <param name="force">Kill codex at once.</param>
    public void CancelAll(bool force)
    {
        foreach (var submission in _submitted)
        {
            submission.Cancel(force);
        }
    }

    /// <summary>Stops the actors. A codex that still runs is left running.</summary>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
