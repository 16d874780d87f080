using Akka.Actor;
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

    /// <summary>
    /// Whether it works in the agent's own workspace only because its submitter may not name the one on record. That changes no record.
    /// </summary>
    public bool IsFallback { get; init; }

    /// <summary>For whom its notices are. Of an orphaned turn that is forgotten, so they say no more than anybody may know.</summary>
    public Submitter Reader => IsOrphaned ? Submitter.Guest : Submitter;

    /// <summary>Whether it answers a message of an inbox, whose writer cannot answer codex's questions.</summary>
    public bool IsOfInbox { get; init; }

    public bool HasTools => !Request.Tools.IsDefaultOrEmpty;
}
