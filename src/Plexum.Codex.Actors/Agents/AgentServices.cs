using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What all agents of a process share.</summary>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">How turns are accepted and run.</param>
/// <param name="Rollouts">How codex's own records of threads are read and rewritten.</param>
/// <param name="Time">The clock of records and waits.</param>
/// <param name="Backend">Runs turns with codex.</param>
public sealed record AgentServices(
    string Profile,
    AgentSettings Settings,
    RolloutSettings Rollouts,
    TimeProvider Time,
    ICodexBackend Backend
)
{
    /// <summary>
    /// The template of the log's line for a turn that failed, a warning. A command that shows its turn's error itself leaves the line out
    /// on its terminal.
    /// </summary>
    public const string FailureLine =
        "codex: turn failed agent={AgentId} turn={TurnId} code={Code} class={Class} seconds={Seconds} err={Error}";

    /// <summary>Records every turn.</summary>
    public ITurnLedger Ledger { get; init; } = NoLedger.Instance;

    /// <summary>Keeps the events of turns.</summary>
    public required ITurnLogStore Logs { get; init; }

    /// <summary>Knows the thread of each agent.</summary>
    public required IThreadRegister Threads { get; init; }

    /// <summary>Is notified when turns start and end.</summary>
    public ITurnNotifier Notifier { get; init; } = new InMemoryTurnNotifier();

    /// <summary>The <see cref="Plexum.Codex.Admission.AdmissionActor"/> that grants slots; null if all turns may run at once.</summary>
    public IActorRef? Admission { get; init; }

    /// <summary>The program that codex starts to reach the host's tools.</summary>
    public RelayProgram Relay { get; init; } = RelayProgram.OfThisProcess();

    /// <summary>Receives the tool calls of turns that have no handler, or that an earlier process submitted; null for nobody.</summary>
    public IActorRef? DefaultToolHandler { get; init; }

    /// <summary>
    /// The <see cref="Plexum.Codex.Problems.ProblemsActor"/>, which hears how turns wait, start and end; null for nobody.
    /// </summary>
    public IActorRef? Problems { get; init; }

    /// <summary>
    /// Says, for a turn's workspace, why no turn could reach the model; null if it is not certain that none could. Null for no such look.
    /// It is called outside the actors' turns, before a turn is accepted.
    /// </summary>
    public Func<string?, TurnRefusal?>? WhyNoModel { get; init; }

    /// <summary>The threads that a running codex holds although no turn of theirs runs.</summary>
    public ILoadedThreads Loaded { get; init; } = NoLoadedThreads.Instance;

    /// <summary>Keeps the questions of codex.</summary>
    public IApprovalBook ApprovalBook { get; init; } = new InMemoryApprovals();

    /// <summary>Where workspaces and images may lie.</summary>
    public WorkspaceRules Workspaces => new(Profile, Rollouts.CodexHome, Settings.Workspaces);

    internal IActorRef ToolHandler => DefaultToolHandler ?? ActorRefs.Nobody;

    internal TurnServices ForTurns(ILoggingAdapter log) =>
        new(Profile, Settings.TurnTimeout, Settings.ThreadBusyLimit, Settings.Sandbox, Time, Backend, Logs, Threads, log)
        {
            Workspaces = Workspaces,
            ApprovalBook = ApprovalBook,
            Approvals = Settings.Approvals,
            Overrides = Settings.Overrides,
        };

    internal ToolServices ForTools => new(Profile, Settings.Tools, Relay, Time);

    internal RolloutServices ForRollouts => new(Profile, Rollouts, Threads, Time) { Loaded = Loaded };
}
