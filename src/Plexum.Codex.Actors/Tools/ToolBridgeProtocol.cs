using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>
/// All that crosses the border of <see cref="ToolBridgeActor"/>: towards the turn's tool handler, whom the host names with the turn, and
/// towards the agent.
/// </summary>
public static class ToolBridgeProtocol
{
    /// <summary>The model calls a tool. The handler answers the sender with <see cref="ToolAnswered"/>.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">Its turn.</param>
    /// <param name="CallId">The model's own id of the call; unique among those of the turn that wait.</param>
    /// <param name="Name">The tool, one of the turn's.</param>
    /// <param name="Arguments">A JSON object, as text, with all that the tool's schema requires.</param>
    public sealed record CallTool(AgentId AgentId, TurnId TurnId, string CallId, string Name, string Arguments) : IWithAgentId;

    /// <summary>The host's answer to a call. The first one counts; one that comes too late is passed over.</summary>
    /// <param name="TurnId">The turn of the call.</param>
    /// <param name="CallId">The id that the call came with.</param>
    /// <param name="Content">The parts in their order.</param>
    /// <param name="IsError">Whether the tool failed; the content then says how.</param>
    public sealed record ToolAnswered(TurnId TurnId, string CallId, ImmutableArray<ToolContent> Content, bool IsError = false) : IDeadLetterSuppression;

    /// <summary>Tells the handler that nobody waits for a call's answer any more: time is up, codex has given it up, or the turn is over.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">Its turn.</param>
    /// <param name="CallId">The call.</param>
    public sealed record CallGivenUp(AgentId AgentId, TurnId TurnId, string CallId) : IWithAgentId, IDeadLetterSuppression;

    /// <summary>Makes the turn's tools reachable. The answer is <see cref="TurnOpened"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Tools">Its tools.</param>
    /// <param name="Handler">Who gets the calls.</param>
    /// <param name="Token">The turn's token.</param>
    internal sealed record OpenTurn(TurnId TurnId, ImmutableArray<ToolDefinition> Tools, IActorRef Handler, ToolToken Token);

    /// <summary>The turn's tools can be reached, or not.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Server">Where codex reaches them; null when it cannot.</param>
    /// <param name="Failure">Why they cannot.</param>
    internal sealed record TurnOpened(TurnId TurnId, ToolServer? Server, string? Failure) : IDeadLetterSuppression;

    /// <summary>The turn has other tools from now on.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Tools">Its tools.</param>
    internal sealed record ChangeTools(TurnId TurnId, ImmutableArray<ToolDefinition> Tools);

    /// <summary>The turn is over for its tools: calls that wait are given up and every connection is closed.</summary>
    /// <param name="TurnId">The turn.</param>
    internal sealed record CloseTurn(TurnId TurnId);
}
