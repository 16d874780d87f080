using Plexum.Codex.Gateway;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>What the actors of an inbox share.</summary>
/// <param name="WorkspaceId">The platform's id of the workspace whose inbox it is.</param>
/// <param name="Tools">The way to the platform. It belongs to whoever made it.</param>
/// <param name="Journal">What is known of messages across restarts.</param>
/// <param name="Gateway">The way to the agents.</param>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Time">The clock of records.</param>
public sealed record InboxEnvironment(
    string WorkspaceId, IMoleculeTools Tools, IInboxJournal Journal, TurnGateway Gateway, string Profile, InboxSettings Settings,
    TimeProvider Time)
{
    /// <summary>Numbers from 0 to under 1, by which waits are spread.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The workspace of a chat thread.</summary>
    internal string WorkspaceOf(AgentId thread) => Path.Combine(Profile, Settings.Workspaces, thread.Value);
}
