using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Retention;

namespace Plexum.Codex.Gateway;

/// <summary>What a <see cref="TurnGateway"/> works with. All of it is shared with the agents.</summary>
/// <param name="Registry">The <see cref="Agents.AgentRegistryActor"/>.</param>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Ledger">Which turns there are, and how they ended.</param>
/// <param name="Logs">Where the events of turns are kept.</param>
/// <param name="Notifier">Hears of starts and ends of turns.</param>
/// <param name="Time">The clock of ids, heartbeats and limits.</param>
public sealed record GatewayServices(
    IActorRef Registry,
    string Profile,
    ITurnLedger Ledger,
    ITurnLogStore Logs,
    ITurnNotifier Notifier,
    TimeProvider Time
)
{
    /// <summary>Where workspaces may lie.</summary>
    public required WorkspaceRules Workspaces { get; init; }

    /// <summary>Keeps the retention from deleting the files of a turn that is being followed.</summary>
    public TurnReaders Readers { get; init; } = new();

    /// <summary>Says whether new work is accepted. Called from any thread.</summary>
    public Func<GatewayState> State { get; init; } = () => GatewayState.Open;

    /// <summary>Keeps the questions of codex.</summary>
    public IApprovalBook ApprovalBook { get; init; } = new InMemoryApprovals();

    /// <summary>Ends the wait for a consume when the program stops.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>How long an agent may take to answer a submission or a cancel.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);
}
