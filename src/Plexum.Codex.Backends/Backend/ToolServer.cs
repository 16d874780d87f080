using System.Collections.Immutable;
using System.Text;

namespace Plexum.Codex.Backend;

/// <summary>An agent's MCP server, through which codex reaches the host's tools.</summary>
/// <param name="Name">Its name in codex's configuration.</param>
/// <param name="Relay">The program that codex starts.</param>
/// <param name="Variables">That program's environment variables; none is secret.</param>
/// <param name="Token">The turn's token, passed to the program in <see cref="TokenVariable"/> and nowhere else.</param>
/// <param name="CallTimeout">How long the host has to answer a call.</param>
public sealed record ToolServer(
    string Name,
    RelayProgram Relay,
    ImmutableSortedDictionary<string, string> Variables,
    string Token,
    TimeSpan CallTimeout
)
{
    /// <summary>The tools, for a codex that can be told of them without the server.</summary>
    public ImmutableArray<OfferedTool> Tools { get; init; } = [];

    /// <summary>The variable with the socket's path.</summary>
    public const string SocketVariable = "PLEXUM_MCP_SOCKET";

    /// <summary>The variable with the agent's id.</summary>
    public const string AgentVariable = "PLEXUM_MCP_AGENT_ID";

    /// <summary>
    /// The variable with the turn's token. Codex has it in its own environment and passes it only to the server whose <c>env_vars</c>
    /// name it (measured on 0.169.0).
    /// </summary>
    public const string TokenVariable = "PLEXUM_MCP_TOKEN";

    /// <summary>Whether both have the same entry in codex's configuration.</summary>
    public bool SameAs(ToolServer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Name == other.Name
            && Relay.Path == other.Relay.Path
            && Relay.Arguments.SequenceEqual(other.Relay.Arguments)
            && Variables.SequenceEqual(other.Variables);
    }

    // This text may end up in logs, and the token is secret.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Name = {Name}, Relay = {Relay}");
        return true;
    }
}
