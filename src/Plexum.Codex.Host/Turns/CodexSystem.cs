using Akka.Actor;
using Akka.Configuration;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Turns;

/// <summary>The actors in this process, for commands that run turns themselves.</summary>
public sealed class CodexSystem : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _registry;

    private CodexSystem(ActorSystem system, AgentEnvironment environment)
    {
        _system = system;
        Environment = environment;
        _registry = system.ActorOf(AgentRegistryActor.Props(environment), "agents");
    }

    /// <summary>What the agents share.</summary>
    public AgentEnvironment Environment { get; }

    /// <summary>Starts the actors.</summary>
    public static CodexSystem Start(HostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = ConfigurationFactory.ParseString($"akka.loggers = [\"{typeof(SerilogLogger).AssemblyQualifiedName}\"], akka.loglevel = DEBUG, akka.stdout-loglevel = OFF");
        var environment = new AgentEnvironment(
            settings.Profile.Root,
            settings.Codex,
            new CodexBinarySource(settings.Binary, System.Environment.GetEnvironmentVariable("PATH")),
            TimeProvider.System);
        return new CodexSystem(ActorSystem.Create("plexum-codex", settings.Akka.WithFallback(own)), environment);
    }

    /// <summary>Hands a turn in.</summary>
    public TurnSubmission Submit(TurnRequest request) => TurnSubmission.Start(_system, _registry, Environment, request);

    /// <summary>Stops the actors. A codex that still runs is left running.</summary>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
