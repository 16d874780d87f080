using Akka.Actor;
using Akka.Hosting;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Problems;
using Plexum.Codex.Recovery;
using Plexum.Codex.Retention;

namespace Plexum.Codex.Host.Hosting;

/// <summary>Starts the actors that only a daemon has, each registered under its type.</summary>
internal static class DaemonHosting
{
    /// <summary>Starts the actor that offers tool calls to hosts over HTTP.</summary>
    public static AkkaConfigurationBuilder WithToolCalls(this AkkaConfigurationBuilder akka, TimeSpan hostWait) =>
        akka.WithActors(
            (system, registry) => registry.Register<ToolCallsActor>(system.ActorOf(ToolCallsActor.Props(hostWait), "tool-calls"))
        );

    /// <summary>Recovers the turns of the last run. No new slot is granted until each recovered turn has its slot again.</summary>
    public static AkkaConfigurationBuilder WithRecovery(this AkkaConfigurationBuilder akka, DaemonContext context) =>
        akka.WithActors(
            (system, registry) =>
            {
                registry.Get<AdmissionActor>().Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
                registry.Register<RecoveryActor>(
                    system.ActorOf(RecoveryActor.Props(context.Ledger, registry.Get<AgentRegistryActor>(), context.TakeOver), "recovery")
                );
            }
        );

    /// <summary>Starts the actor that knows what should page an operator, and the one that watches what no event reports.</summary>
    public static AkkaConfigurationBuilder WithProblems(this AkkaConfigurationBuilder akka, DaemonContext context) =>
        akka.WithActors(
            (system, registry) =>
            {
                var settings = context.Settings.Problems;
                var problems = system.ActorOf(ProblemsActor.Props(settings, context.Time), "problems");
                registry.Register<ProblemsActor>(problems);
                context.Problems.Attach(problems);

                // Before there are agents, which tell when a turn waits no longer.
                foreach (var turn in context.WaitingAtStart)
                {
                    problems.Tell(new ProblemsProtocol.TurnWaits(turn.TurnId, turn.AgentId, turn.AcceptedAt), ActorRefs.NoSender);
                }

                system.ActorOf(ResourceWatchActor.Props(context.Health, DescriptorProbe.OfThis, context.Problems), "resources");
                if (CodexHosting.WhyNoModel(context.Settings) is { } whyNoModel)
                {
                    // Whoever has started the daemon is told with its first answer.
                    Func<string?> look = () => whyNoModel(null)?.Message;
                    problems.Tell(new ProblemsProtocol.LoginSeen(look()), ActorRefs.NoSender);
                    system.ActorOf(LoginWatchActor.Props(look, problems), "login");
                }
            }
        );

    /// <summary>Removes the files of old turns.</summary>
    public static AkkaConfigurationBuilder WithRetention(
        this AkkaConfigurationBuilder akka,
        DaemonContext context,
        TurnReaders readers,
        RetentionSettings settings
    ) =>
        akka.WithActors(
            (system, registry) =>
                registry.Register<RetentionActor>(
                    system.ActorOf(
                        RetentionActor.Props(context.Profile, context.Ledger, context.Logs, readers, settings, context.Time),
                        "retention"
                    )
                )
        );
}
