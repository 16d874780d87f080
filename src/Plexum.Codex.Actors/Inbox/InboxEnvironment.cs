using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>What the actors of an inbox share.</summary>
/// <param name="WorkspaceId">The platform's id of the workspace whose inbox it is.</param>
/// <param name="Tools">The way to the platform. It belongs to whoever made it.</param>
/// <param name="Journal">What is known of messages across restarts.</param>
/// <param name="Ledger">What is known of turns across restarts; the one of the agents.</param>
/// <param name="Registry">The <see cref="AgentRegistryActor"/>, once turns of an earlier run stand before new ones.</param>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Time">The clock of records.</param>
public sealed record InboxEnvironment(
    string WorkspaceId, IMoleculeTools Tools, IInboxJournal Journal, ITurnLedger Ledger, IActorRef Registry, string Profile,
    InboxSettings Settings, TimeProvider Time)
{
    /// <summary>Where the events of turns are kept.</summary>
    public required ITurnLogStore Logs { get; init; }

    /// <summary>Tells of the ends of turns; the one of the agents.</summary>
    public required ITurnNotifier Notifier { get; init; }

    /// <summary>Numbers from 0 to under 1, by which waits are spread.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The workspace of a chat thread.</summary>
    internal string WorkspaceOf(AgentId thread) => Path.Combine(Profile, Settings.Workspaces, thread.Value);
}
