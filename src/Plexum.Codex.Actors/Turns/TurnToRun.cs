using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Turns;

/// <summary>An accepted and checked turn.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Request">The request.</param>
/// <param name="Prompt">The checked prompt.</param>
/// <param name="Model">The model, or null for codex's default.</param>
/// <param name="ToolHandler">Receives the calls of its tools.</param>
internal sealed record TurnToRun(TurnId TurnId, TurnRequest Request, Prompt Prompt, string? Model, IActorRef ToolHandler)
{
    public AgentId AgentId => Request.AgentId;

    /// <summary>Whether an earlier process of this program accepted it, so that it may already have a directory and a log.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>Whether it may have a log already: it is orphaned, or its readers were told why it waits.</summary>
    public bool MayHaveLog
    {
        get => field || IsOrphaned;
        init;
    }

    /// <summary>Who asked for it. Of an orphaned turn that is forgotten; its workspace was allowed when it was accepted.</summary>
    public required Submitter Submitter { get; init; }

    /// <summary>
    /// Where its workspace led when it was accepted, or when this program took it over from an earlier process. Null if it was refused.
    /// </summary>
    public required string? AcceptedAt { get; init; }

    /// <summary>What its readers are to know of a workspace that is another than the agent's last one.</summary>
    public ImmutableArray<CanonicalEvent.Notice> WorkspaceNotices { get; init; } = [];

    public bool HasTools => !Request.Tools.IsDefaultOrEmpty;
}
