using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>What the actors of an inbox share.</summary>
/// <param name="WorkspaceId">The platform's id of the inbox's workspace.</param>
/// <param name="Tools">The connection to the platform. Its creator disposes of it.</param>
/// <param name="Journal">The durable record of messages.</param>
/// <param name="Ledger">The durable record of turns, shared with the agents.</param>
/// <param name="Registry">The <see cref="AgentRegistryActor"/>, once recovered turns are queued ahead of new ones.</param>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Time">The clock of records and timeouts.</param>
public sealed record InboxEnvironment(
    string WorkspaceId, IMoleculeTools Tools, IInboxJournal Journal, ITurnLedger Ledger, IActorRef Registry, string Profile,
    InboxSettings Settings, TimeProvider Time)
{
    /// <summary>Stores the events of turns.</summary>
    public required ITurnLogStore Logs { get; init; }

    /// <summary>Reports the ends of turns; shared with the agents.</summary>
    public required ITurnNotifier Notifier { get; init; }

    /// <summary>The jitter of waits, from 0 to less than 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The workspace of a conversation.</summary>
    internal string WorkspaceOf(AgentId thread) => Path.Combine(Profile, Settings.Workspaces, thread.Value);
}
