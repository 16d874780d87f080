using Akka.Configuration;
using Akka.Hosting;
using Akka.Logger.Serilog;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.AppServer.Node;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Backend;
using Plexum.Codex.Choice;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Exec;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Serilog.Events;

namespace Plexum.Codex.Host.Hosting;

/// <summary>The actor system and its agents, set up alike for the daemon and for a command that runs its own turns.</summary>
internal static class CodexHosting
{
    /// <summary>The name of the actor system.</summary>
    public const string SystemName = "plexum-codex";

    /// <summary>Configures the actor system: the user's <c>akka</c> section above what the program needs.</summary>
    public static AkkaConfigurationBuilder WithProgramSettings(this AkkaConfigurationBuilder akka, ProgramSettings settings) =>
        akka.AddHocon(settings.Akka.WithFallback(Needed(settings.Log)), HoconAddMode.Prepend);

    /// <summary>Starts the actor that grants slots for codex.</summary>
    /// <param name="akka">The builder.</param>
    /// <param name="maxRunning">How many codex processes run at once; 0 leaves it to <see cref="AdmissionLimit"/>.</param>
    public static AkkaConfigurationBuilder WithAdmission(this AkkaConfigurationBuilder akka, int maxRunning) =>
        akka.WithActors(
            (system, registry) =>
            {
                var limit = maxRunning > 0 ? maxRunning : AdmissionLimit.OfMachine();
                registry.Register<AdmissionActor>(system.ActorOf(AdmissionActor.Props(limit), "admission"));
            }
        );

    /// <summary>Starts the registry of the agents.</summary>
    /// <param name="akka">The builder.</param>
    /// <param name="services">What the agents share, given the actors that were started before.</param>
    public static AkkaConfigurationBuilder WithAgents(
        this AkkaConfigurationBuilder akka,
        Func<IReadOnlyActorRegistry, AgentServices> services
    ) =>
        akka.WithActors(
            (system, registry) =>
            {
                var shared = services(registry);
                registry.Register<AgentRegistryActor>(system.ActorOf(AgentRegistryActor.Props(shared), "agents"));
            }
        );

    /// <summary>Starts the actor that edits codex's configuration, where that is how codex learns of the host's tools.</summary>
    public static AkkaConfigurationBuilder WithCodexConfig(this AkkaConfigurationBuilder akka, ProgramSettings settings) =>
        settings.Exec.ToolRegistration != ToolRegistrationMode.CodexMcpAdd
            ? akka
            : akka.WithActors(
                (system, registry) =>
                    registry.Register<CodexConfigActor>(system.ActorOf(CodexConfigActor.Props(ExecOf(settings)), "codex-config"))
            );

    /// <summary>
    /// Starts the actor that owns codex's app-server. It is there whatever the backend is: an earlier program may have left a server that
    /// holds
    /// threads.
    /// </summary>
    /// <param name="akka">The builder.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="looksAtStart">Whether it looks at once for such a server, as a daemon does, or when it is first needed.</param>
    public static AkkaConfigurationBuilder WithAppServer(this AkkaConfigurationBuilder akka, ProgramSettings settings, bool looksAtStart) =>
        akka.WithActors(
            (system, registry) =>
            {
                var services = new AppServerServices(settings.AppServer, settings.Profile.Root, BinariesOf(settings), TimeProvider.System)
                {
                    Environment = settings.Exec.Environment,
                    Umask = settings.Exec.Umask,
                };
                registry.Register<AppServerActor>(system.ActorOf(AppServerActor.Props(services, looksAtStart), "app-server"));
            }
        );

    /// <summary>What the agents share, without the actors of a daemon.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="registry">The actors that were started before, if any.</param>
    public static AgentServices ServicesOf(ProgramSettings settings, IReadOnlyActorRegistry? registry = null) =>
        new(settings.Profile.Root, settings.Agents, settings.Rollouts, TimeProvider.System, BackendOf(settings, registry))
        {
            Logs = new FileTurnLogStore(settings.Profile.Root, TimeProvider.System),
            Threads = new FileThreadRegister(settings.Profile.Root),
            Loaded = LoadedOf(settings, registry),
            WhyNoModel = WhyNoModel(settings),
        };

    private static ICodexBackend BackendOf(ProgramSettings settings, IReadOnlyActorRegistry? registry)
    {
        var services = ExecOf(settings);
        var exec = new ExecBackend(
            services with
            {
                CodexConfig = registry is not null && registry.TryGet<CodexConfigActor>(out var config) ? config : null,
                Loaded = LoadedOf(settings, registry),
            }
        );
        if (registry is null || !registry.TryGet<AppServerActor>(out var server))
        {
            return exec;
        }

        var forServer = new AppServerTurnServices(server, settings.Exec.CodexHome, services.Binaries, TimeProvider.System)
        {
            Settings = new AppServerTurnSettings
            {
                DeltaWindow = settings.AppServer.DeltaWindow,
                InterruptGrace = settings.Exec.InterruptGrace,
                WaitingNotice = settings.Exec.WaitingNotice,
                MaxOutputBytes = settings.Exec.MaxOutputBytes,
            },
            Loaded = LoadedOf(settings, registry),
            ExtraArgs = settings.Exec.ExtraArgs,
            HiddenVariables = settings.Exec.HiddenVariables,
            Environment = settings.Exec.Environment,
            Confined = settings.Confined,
        };
        return new ChosenBackend(exec, new AppServerBackend(forServer), forServer, settings.Backend);
    }

    // Archive, unarchive, and whatever the server is doing first.
    private static ILoadedThreads LoadedOf(ProgramSettings settings, IReadOnlyActorRegistry? registry) =>
        registry is not null && registry.TryGet<AppServerActor>(out var server)
            ? new LoadedThreads(server, settings.AppServer.RequestLimit * 3)
            : NoLoadedThreads.Instance;

    /// <summary>Looks whether codex can reach the model.</summary>
    public static CodexLogin LoginOf(ProgramSettings settings) =>
        new(settings.Exec.CodexHome, settings.Binary, settings.Exec.ExtraArgs, settings.Exec.Environment);

    /// <summary>Finds what is certain to keep a turn in a workspace from the model; null if that is not to be looked for.</summary>
    public static Func<string?, TurnRefusal?>? WhyNoModel(ProgramSettings settings)
    {
        if (!settings.LoginCheck)
        {
            return null;
        }

        var login = LoginOf(settings);
        return workspace =>
            login.Look(workspace) is { IsCertain: true, Message: var message }
                ? new TurnRefusal(TurnRefusalReason.LoginMissing, message)
                : null;
    }

    /// <summary>Finds the codex that the settings name.</summary>
    public static CodexBinarySource BinariesOf(ProgramSettings settings) =>
        new(settings.Binary, Environment.GetEnvironmentVariable("PATH"))
        {
            AsksInTrustedPlace = settings.Agents.Sandbox != CodexSandbox.None,
        };

    private static ExecServices ExecOf(ProgramSettings settings) =>
        new(settings.Exec, BinariesOf(settings), TimeProvider.System) { Confined = settings.Confined };

    // Signals are the program's own business: Akka's hook would stop the actors at SIGTERM, before the daemon has asked them anything.
    // Its scheduler wakes every 10 ms, which costs an idle daemon 4 % of a core; no wait here needs to be that exact.
    private static Config Needed(LogSettings log) =>
        ConfigurationFactory.ParseString(
            $$"""
            akka {
              loggers = ["{{NameOf(typeof(SerilogLogger))}}"]
              logger-formatter = "{{NameOf(typeof(SerilogLogMessageFormatter))}}"
              logger-startup-timeout = 60s
              loglevel = {{AkkaLevel(log.LowestLevel)}}
              stdout-loglevel = OFF
              stdout-logger-class = "{{NameOf(typeof(SilentStdoutLogger))}}"
              scheduler.tick-duration = 50ms
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            """
        );

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static string AkkaLevel(LogEventLevel level) =>
        level switch
        {
            <= LogEventLevel.Debug => "DEBUG",
            LogEventLevel.Information => "INFO",
            LogEventLevel.Warning => "WARNING",
            LogEventLevel.Error => "ERROR",
            _ => "OFF",
        };
}
