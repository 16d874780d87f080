using Akka.Actor;
using Akka.Configuration;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Tools;
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

    /// <summary>Starts the actors for turns of this process alone: nothing is written down, and each may run at once.</summary>
    public static CodexActors Start(ActorSystem system, HostSettings settings) => Start(system, EnvironmentOf(settings));

    /// <summary>Starts the actors of a daemon: turns wait for a slot, and those that its last run left behind are taken up.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ledger">What is written down of turns.</param>
    /// <param name="toolHost">Who gets the tool calls of turns that were taken up.</param>
    public static CodexActors Start(ActorSystem system, HostSettings settings, ITurnLedger ledger, IActorRef toolHost)
    {
        var limit = settings.Codex.MaxRunning > 0 ? settings.Codex.MaxRunning : AdmissionLimit.OfMachine();
        var admission = system.ActorOf(AdmissionActor.Props(limit), "admission");
        return Start(system, EnvironmentOf(settings) with { Ledger = ledger, Admission = admission, ToolHost = toolHost });
    }

    private static CodexActors Start(ActorSystem system, AgentEnvironment environment)
    {
        if (environment.Settings.Tools.Registration == ToolRegistrationMode.CodexMcpAdd)
        {
            environment = environment with { CodexConfig = system.ActorOf(CodexConfigActor.Props(environment), "codex-config") };
        }

        return new CodexActors(environment, system.ActorOf(AgentRegistryActor.Props(environment), "agents"));
    }

    private static AgentEnvironment EnvironmentOf(HostSettings settings) => new(
        settings.Profile.Root,
        settings.Codex,
        new CodexBinarySource(settings.Binary, System.Environment.GetEnvironmentVariable("PATH")),
        TimeProvider.System);

    private static string AkkaLevel(LogEventLevel level) => level switch
    {
        <= LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        _ => "OFF",
    };
}
