using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Logger.Serilog;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Processes;
using Plexum.Codex.Tools;
using Serilog.Events;

namespace Plexum.Codex.Host.Turns;

/// <summary>The actor system and its agents, set up alike for the daemon and for a command that runs its own turns.</summary>
internal static class CodexHosting
{
    /// <summary>The name of the actor system.</summary>
    public const string SystemName = "plexum-codex";

    /// <summary>Configures the actor system: the user's <c>akka</c> section above what the program needs.</summary>
    public static AkkaConfigurationBuilder WithProgramSettings(this AkkaConfigurationBuilder akka, HostSettings settings) =>
        akka.AddHocon(settings.Akka.WithFallback(Needed(settings.Log)), HoconAddMode.Prepend);

    /// <summary>Starts the actor that grants slots for codex.</summary>
    public static AkkaConfigurationBuilder WithAdmission(this AkkaConfigurationBuilder akka, CodexSettings settings) =>
        akka.WithActors((system, registry) =>
        {
            var limit = settings.MaxRunning > 0 ? settings.MaxRunning : AdmissionLimit.OfMachine();
            registry.Register<AdmissionActor>(system.ActorOf(AdmissionActor.Props(limit), "admission"));
        });

    /// <summary>Starts the registry of the agents and, where codex's configuration is edited for tools, the actor that edits it.</summary>
    /// <param name="akka">The builder.</param>
    /// <param name="environment">What the agents share, given the actors that were started before.</param>
    public static AkkaConfigurationBuilder WithAgents(
        this AkkaConfigurationBuilder akka, Func<IReadOnlyActorRegistry, AgentEnvironment> environment) =>
        akka.WithActors((system, registry) =>
        {
            var shared = environment(registry);
            if (shared.Settings.Tools.Registration == ToolRegistrationMode.CodexMcpAdd)
            {
                var config = system.ActorOf(CodexConfigActor.Props(shared), "codex-config");
                registry.Register<CodexConfigActor>(config);
                shared = shared with { CodexConfig = config };
            }

            registry.Register<AgentRegistryActor>(system.ActorOf(AgentRegistryActor.Props(shared), "agents"));
        });

    /// <summary>What the agents share, without the actors of a daemon.</summary>
    public static AgentEnvironment EnvironmentOf(HostSettings settings) => new(
        settings.Profile.Root,
        settings.Codex,
        new CodexBinarySource(settings.Binary, Environment.GetEnvironmentVariable("PATH")),
        TimeProvider.System);

    // Signals are the program's own business: Akka's hook would stop the actors at SIGTERM, before the daemon has asked them anything.
    private static Config Needed(LogSettings log) => ConfigurationFactory.ParseString($$"""
        akka {
          loggers = ["{{NameOf(typeof(SerilogLogger))}}"]
          logger-formatter = "{{NameOf(typeof(SerilogLogMessageFormatter))}}"
          logger-startup-timeout = 60s
          loglevel = {{AkkaLevel(log.LowestLevel)}}
          stdout-loglevel = OFF
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """);

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static string AkkaLevel(LogEventLevel level) => level switch
    {
        <= LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        _ => "OFF",
    };
}
