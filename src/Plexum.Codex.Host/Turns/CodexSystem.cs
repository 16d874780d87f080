using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Serilog.Events;

namespace Plexum.Codex.Host.Turns;

/// <summary>The actors in this process, for commands that run turns themselves.</summary>
public sealed class CodexSystem : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _registry;
    private readonly ConcurrentBag<TurnSubmission> _submitted = [];

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
        var own = ConfigurationFactory.ParseString($"akka.loggers = [\"{typeof(SerilogLogger).AssemblyQualifiedName}\"], akka.loglevel = {AkkaLevel(settings.Log.LowestLevel)}, akka.stdout-loglevel = OFF");
        var environment = new AgentEnvironment(
            settings.Profile.Root,
            settings.Codex,
            new CodexBinarySource(settings.Binary, System.Environment.GetEnvironmentVariable("PATH")),
            TimeProvider.System);
        return new CodexSystem(ActorSystem.Create("plexum-codex", settings.Akka.WithFallback(own)), environment);
    }

    /// <summary>Hands a turn in.</summary>
    public TurnSubmission Submit(TurnRequest request)
    {
        var submission = TurnSubmission.Start(_system, _registry, Environment, request);
        _submitted.Add(submission);
        return submission;
    }

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

    private static string AkkaLevel(LogEventLevel level) => level switch
    {
        <= LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        _ => "OFF",
    };
}
