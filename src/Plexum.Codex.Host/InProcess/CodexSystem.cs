using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.InProcess;

/// <summary>The actors in this process, for commands that run turns themselves.</summary>
public sealed class CodexSystem : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ConcurrentBag<TurnSubmission> _submitted = [];

    private CodexSystem(IHost host, AgentServices services)
    {
        (_host, Services) = (host, services);
        Actors = host.Services.GetRequiredService<ActorSystem>();
        Registry = host.Services.GetRequiredService<IRequiredActor<AgentRegistryActor>>().ActorRef;
    }

    /// <summary>What the agents share.</summary>
    public AgentServices Services { get; }

    /// <summary>The registry of the agents.</summary>
    public IActorRef Registry { get; }

    /// <summary>The actor system.</summary>
    public ActorSystem Actors { get; }

    /// <summary>Starts the actors. Nothing is kept of their turns but their own files, and each may run at once.</summary>
    public static async Task<CodexSystem> StartAsync(HostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        AgentServices? services = null;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka(CodexHosting.SystemName, akka => akka
            .WithProgramSettings(settings)
            .WithCodexConfig(settings)
            .WithAgents(registry => services = CodexHosting.ServicesOf(settings, registry)));
        var host = builder.Build();
        await host.StartAsync().ConfigureAwait(false);
        return new CodexSystem(host, services!);
    }

    /// <summary>Hands a turn in.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="toolHandler">Who gets the calls of its tools; null for nobody.</param>
    public TurnSubmission Submit(TurnRequest request, IActorRef? toolHandler = null)
    {
        var submission = TurnSubmission.Start(Actors, Registry, Services, request, toolHandler);
        _submitted.Add(submission);
        return submission;
    }

    /// <summary>Has tool calls taken out of an agent's thread, after the turns that were handed in before.</summary>
    /// <returns><see cref="AgentProtocol.ConsumeAnswered"/> or <see cref="AgentProtocol.ConsumeFailed"/>.</returns>
    public Task<AgentProtocol.IReply> ConsumeAsync(
        AgentId agent, string? workspace, ImmutableArray<RolloutMutation> mutations, CancellationToken cancellationToken = default) =>
        Registry.Ask<AgentProtocol.IReply>(new AgentProtocol.Consume(agent, workspace, mutations), cancellationToken);

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
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }
}
