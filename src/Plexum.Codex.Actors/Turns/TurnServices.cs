using System.Collections.Frozen;
using Akka.Event;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>What every <see cref="TurnActor"/> of a process needs.</summary>
/// <param name="Profile">The root of the profile.</param>
/// <param name="Timeout">How long a turn may take unless its request says otherwise.</param>
/// <param name="ThreadBusyLimit">How long a turn waits for a thread that another process writes to.</param>
/// <param name="Sandbox">What the model's commands may do in a turn whose request does not say so.</param>
/// <param name="Time">The clock.</param>
/// <param name="Backend">Runs turns with codex.</param>
/// <param name="Logs">Stores the events of turns.</param>
/// <param name="Threads">Knows the thread of each agent.</param>
/// <param name="Log">The program's log; may be used from any thread.</param>
internal sealed record TurnServices(
    string Profile,
    TimeSpan Timeout,
    TimeSpan ThreadBusyLimit,
    CodexSandbox Sandbox,
    TimeProvider Time,
    ICodexBackend Backend,
    ITurnLogStore Logs,
    IThreadRegister Threads,
    ILoggingAdapter Log
)
{
    /// <summary>Where workspaces and images may lie.</summary>
    public required WorkspaceRules Workspaces { get; init; }

    /// <summary>Keeps the questions of codex.</summary>
    public IApprovalBook ApprovalBook { get; init; } = new InMemoryApprovals();

    /// <summary>What happens to questions of codex.</summary>
    public ApprovalSettings Approvals { get; init; } = new();

    /// <summary>What the operator says of single agents.</summary>
    public FrozenDictionary<AgentId, AgentOverride> Overrides { get; init; } = FrozenDictionary<AgentId, AgentOverride>.Empty;

    /// <summary>What the operator says of an agent.</summary>
    public AgentOverride OverrideOf(AgentId agent) => Overrides.GetValueOrDefault(agent, AgentOverride.None);

    /// <summary>The directory of an agent.</summary>
    public AgentDirectory DirectoryOf(AgentId agent) => new(Profile, agent);
}
