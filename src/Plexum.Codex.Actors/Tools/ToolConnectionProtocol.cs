using System.Collections.Immutable;
using System.Text.Json;
using Akka.Event;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Tools;

/// <summary>All messages from a <see cref="ToolConnection"/> to <see cref="ToolBridgeActor"/>, and the answers.</summary>
internal static class ToolConnectionProtocol
{
    /// <summary>A connection shows its token. The answer is <see cref="Authenticated"/>.</summary>
    public sealed record Authenticate(long Connection, string Agent, string Token);

    /// <summary>Whether a connection showed the turn's token.</summary>
    public sealed record Authenticated(bool IsAdmitted);

    /// <summary>Asks for the current turn's tools. The answer is <see cref="ToolsListed"/>.</summary>
    public sealed record ListTools(long Connection);

    /// <summary>The current turn's tools.</summary>
    public sealed record ToolsListed(ImmutableArray<ToolDefinition> Tools);

    /// <summary>codex calls a tool. The answer is always a <see cref="ToolResult"/>.</summary>
    public sealed record Call(long Connection, Guid Operation, string? CallId, string Name, IDictionary<string, JsonElement>? Arguments);

    /// <summary>Nobody waits for the answer to a call any more.</summary>
    public sealed record GiveUp(Guid Operation) : IDeadLetterSuppression;
}
