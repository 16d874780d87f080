using Akka.Actor;
using Akka.Configuration;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Processes;
using Serilog.Events;

namespace Plexum.Codex.Host.Turns;

/// <summary>The actors that every part of the program works with, and how their system is set up: for one command as for the daemon.</summary>
/// <param name="Environment">What the agents share.</param>
/// <param name="Registry">The registry of the agents.</param>
internal sealed record CodexActors(AgentEnvironment Environment, IActorRef Registry)
{
    /// <summary>The name of the actor system.</summary>
    public const string SystemName = "plexum-codex";

    /// <summary>The configuration of the actor system: the user's, above what the program needs.</summary>
    public static Config ConfigurationOf(HostSettings settings) => settings.Akka.WithFallback(ConfigurationFactory.ParseString(
        $"akka.loggers = [\"{typeof(SerilogLogger).AssemblyQualifiedName}\"], akka.loglevel = {AkkaLevel(settings.Log.LowestLevel)}, akka.stdout-loglevel = OFF"));

    /// <summary>Starts the actors in a system.</summary>
    public static CodexActors Start(ActorSystem system, HostSettings settings)
    {
        var environment = new AgentEnvironment(
            settings.Profile.Root,
            settings.Codex,
            new CodexBinarySource(settings.Binary, System.Environment.GetEnvironmentVariable("PATH")),
            TimeProvider.System);
        return new CodexActors(environment, system.ActorOf(AgentRegistryActor.Props(environment), "agents"));
    }

    private static string AkkaLevel(LogEventLevel level) => level switch
    {
        <= LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        _ => "OFF",
    };
}
