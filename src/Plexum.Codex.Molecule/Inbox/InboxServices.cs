using Plexum.Codex.Gateway;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Problems;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>What the actors of an inbox share.</summary>
/// <param name="WorkspaceId">The platform's id of the inbox's workspace.</param>
/// <param name="Platform">The connection to the platform. Its creator disposes of it.</param>
/// <param name="Journal">The durable record of messages.</param>
/// <param name="Gateway">Submits turns to the agents and follows them.</param>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Time">The clock of records and timeouts.</param>
public sealed record InboxServices(
    string WorkspaceId,
    IMoleculePlatform Platform,
    IInboxJournal Journal,
    TurnGateway Gateway,
    string Profile,
    InboxSettings Settings,
    TimeProvider Time
)
{
    /// <summary>The jitter of waits, from 0 to less than 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>
    /// Told of each turn that was accepted for a message. Called on an actor's thread, which does not wait for the task; if that fails, the
    /// actor logs it.
    /// </summary>
    public Func<InboxEntry, TurnId, Task> Submitted { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Is told when the platform needs a person; null for nobody.</summary>
    public IProblemReporter? Problems { get; init; }

    /// <summary>The workspace of a conversation.</summary>
    internal string WorkspaceOf(AgentId agent) => Path.Combine(Profile, Settings.Workspaces, agent.Value);
}
