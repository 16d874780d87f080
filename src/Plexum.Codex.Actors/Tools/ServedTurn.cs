using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Tools.Schemas;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>The turn whose tools are served. Belongs to <see cref="ToolBridgeActor"/>.</summary>
/// <param name="open">What the turn was opened with.</param>
/// <param name="token">The token that a connection must show: the turn's, or the one of a connection that was kept.</param>
/// <param name="opener">Who opened it.</param>
/// <param name="handlerGone">Whether it has no handler from the start.</param>
internal sealed class ServedTurn(ToolBridgeProtocol.OpenTurn open, ToolToken token, IActorRef opener, bool handlerGone)
{
    private readonly Dictionary<ToolDefinition, ToolSchema> _schemas = [];
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>The turn.</summary>
    public TurnId TurnId => open.TurnId;

    /// <summary>Who gets the calls.</summary>
    public IActorRef Handler => open.Handler;

    /// <summary>The token that a connection must show.</summary>
    public ToolToken Token => token;

    /// <summary>The token that the turn was to be opened with.</summary>
    public ToolToken AskedToken => open.Token;

    /// <summary>What the thread's next turn may go on with; null if nothing is kept.</summary>
    public KeptTools? Kept =>
        open is { Run.KeepsToolConnections: true, Thread: { } thread } && token.Text is not null && Tools == open.Tools
            ? new KeptTools(token, thread, open.Tools)
            : null;

    /// <summary>The run whose codex may connect.</summary>
    public IBackendRun Run => open.Run;

    /// <summary>Who opened the turn.</summary>
    public IActorRef Opener => opener;

    /// <summary>The tools as they are now.</summary>
    public ImmutableArray<ToolDefinition> Tools { get; private set; } = open.Tools;

    /// <summary>Whether nobody is left to answer calls.</summary>
    public bool HandlerGone { get; set; } = handlerGone;

    /// <summary>Where a new codex reaches the turn's tools; null if the token is not known here, so that none can be given it.</summary>
    public ToolServer? ServerAt(ToolSocket socket, AgentId agent, ToolServices services) =>
        Token.Text is { } text
            ? new ToolServer(
                ToolServerName.Of(agent),
                services.Relay,
                ImmutableSortedDictionary<string, string>
                    .Empty.Add(ToolServer.SocketVariable, socket.Path)
                    .Add(ToolServer.AgentVariable, agent.Value),
                text,
                services.Settings.CallTimeout
            )
            {
                Tools = [.. Tools.Select(ToolArguments.Offer)],
            }
            : null;

    /// <summary>Gives the turn other tools.</summary>
    public void Change(ImmutableArray<ToolDefinition> tools)
    {
        Tools = tools;
        _schemas.Clear();
    }

    /// <summary>Finds a tool.</summary>
    /// <param name="name">Its name, or the one that the model is shown for it.</param>
    /// <param name="refusal">A sentence for the model when there is no such tool.</param>
    public ToolDefinition? Find(string name, out string? refusal)
    {
        var found = Tools.FirstOrDefault(tool => tool.Name == name)
            ?? Tools.FirstOrDefault(tool => OfferedTool.ModelNameOf(tool.Name) == name);
        refusal =
            found is not null ? null
            : Tools.IsEmpty ? $"There is no tool {name} in this turn, nor any other of the host's."
            : $"There is no tool {name} in this turn; there are {string.Join(", ", Tools.Select(known => known.Name))}.";
        return found;
    }

    /// <summary>Checks the arguments of a call against the tool's schema.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">A JSON object, as text.</param>
    /// <param name="unchecked">Why the schema cannot be used; reported once for each tool, null otherwise.</param>
    /// <returns>A sentence for the model when they do not fit, else null.</returns>
    public string? WhyNot(ToolDefinition tool, string arguments, out string? @unchecked)
    {
        if (!_schemas.TryGetValue(tool, out var schema))
        {
            _schemas.Add(tool, schema = new ToolSchema(tool));
        }

        var reason = schema.WhyNot(arguments);
        @unchecked = schema.Problem is { } problem && _reported.Add(tool.Name) ? problem : null;
        return reason;
    }
}
