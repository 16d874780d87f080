using Akka.Actor;

namespace Plexum.Codex.Turns;

/// <summary>A turn that was accepted and checked.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Prompt">The checked prompt.</param>
/// <param name="Model">The model, or null for codex's default.</param>
/// <param name="ToolHandler">Gets the calls of its tools.</param>
internal sealed record TurnToRun(TurnId TurnId, TurnRequest Request, Prompt Prompt, string? Model, IActorRef ToolHandler)
{
    public AgentId AgentId => Request.AgentId;

    /// <summary>Whether an earlier process of this program accepted it; then it may have a directory and a log.</summary>
    public bool IsOrphaned { get; init; }

    public bool HasTools => !Request.Tools.IsDefaultOrEmpty;
}
