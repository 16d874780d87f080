using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>
/// The messages of <see cref="ToolBridgeActor"/>, exchanged with the turn's tool handler, which the host names with the turn, and with
/// the agent.
/// </summary>
public static class ToolBridgeProtocol
{
    /// <summary>The model calls a tool. The handler answers the sender with <see cref="ToolAnswered"/>.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">Its turn.</param>
    /// <param name="CallId">The model's own id of the call; unique among the turn's pending calls.</param>
    /// <param name="Name">The tool, one of the turn's.</param>
    /// <param name="Arguments">A JSON object as text, which matches the tool's schema unless that could not be checked.</param>
    public sealed record CallTool(AgentId AgentId, TurnId TurnId, string CallId, string Name, string Arguments) : IWithAgentId;

    /// <summary>The host's answer to a call. The first one counts; late ones are ignored.</summary>
    /// <param name="TurnId">The turn of the call.</param>
    /// <param name="CallId">The id of the call.</param>
    /// <param name="Content">The parts in order.</param>
    /// <param name="IsError">Whether the tool failed; the content then says how.</param>
    public sealed record ToolAnswered(TurnId TurnId, string CallId, ImmutableArray<ToolContent> Content, bool IsError = false)
        : IDeadLetterSuppression;

    /// <summary>Tells the handler that a call needs no answer any more: it timed out, codex gave it up, or the turn is over.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">Its turn.</param>
    /// <param name="CallId">The call.</param>
    public sealed record CallGivenUp(AgentId AgentId, TurnId TurnId, string CallId) : IWithAgentId, IDeadLetterSuppression;

    /// <summary>Opens the turn's tools to codex. The reply is <see cref="TurnOpened"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Tools">Its tools.</param>
    /// <param name="Handler">The actor that receives the calls.</param>
    /// <param name="Token">The turn's token.</param>
    /// <param name="Run">
    /// The turn's run, which tells the connections of its codex from all others. It is an object, because only the backend knows codex's
    /// processes; the message goes from a turn to the bridge of the same agent and never to another machine.
    /// </param>
    internal sealed record OpenTurn(
        TurnId TurnId,
        ImmutableArray<ToolDefinition> Tools,
        IActorRef Handler,
        ToolToken Token,
        IBackendRun Run
    )
    {
        /// <summary>The thread that the turn continues; null for a new one.</summary>
        public ThreadId? Thread { get; init; }
    }

    /// <summary>Whether the turn's tools are open.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Token">The token that they were to be opened with.</param>
    /// <param name="Server">
    /// The server through which a new codex reaches them; null if they could not be opened, or only a codex that has the token already can.
    /// </param>
    /// <param name="Failure">Why they could not be opened; null if they are.</param>
    internal sealed record TurnOpened(TurnId TurnId, ToolToken Token, ToolServer? Server, string? Failure) : IDeadLetterSuppression;

    /// <summary>Replaces the turn's tools.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Tools">The new tools.</param>
    internal sealed record ChangeTools(TurnId TurnId, ImmutableArray<ToolDefinition> Tools);

    /// <summary>
    /// Closes the turn's tools: pending calls are given up, and every connection is closed or, for a codex that stays, refuses every call.
    /// </summary>
    /// <param name="TurnId">The turn.</param>
    internal sealed record CloseTurn(TurnId TurnId);
}
