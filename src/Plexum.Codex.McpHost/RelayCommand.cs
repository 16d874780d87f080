namespace Plexum.Codex.McpHost;

/// <summary>
/// <c>mcp-host</c>: the MCP server that codex starts. It relays lines between codex, on its standard streams, and the daemon's socket
/// without interpreting them.
/// </summary>
internal static class RelayCommand
{
    /// <summary>The variable with the socket's path; <c>--socket</c> overrides it.</summary>
    public const string SocketVariable = "PLEXUM_MCP_SOCKET";

    /// <summary>The variable with the agent's id; <c>--agent-id</c> overrides it.</summary>
    public const string AgentVariable = "PLEXUM_MCP_AGENT_ID";

    /// <summary>The variable with the turn's token.</summary>
    public const string TokenVariable = "PLEXUM_MCP_TOKEN";

    /// <summary>Relays until either side closes.</summary>
    /// <returns>The exit code: 0, or 1 with a message on stderr.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var problem = Relay(arguments);
        if (problem is null)
        {
            return 0;
        }

        Console.Error.WriteLine($"mcp-host: {problem}");
        return 1;
    }

    private static string? Relay(ReadOnlySpan<string> arguments)
    {
        var socket = Environment.GetEnvironmentVariable(SocketVariable);
        var agent = Environment.GetEnvironmentVariable(AgentVariable);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var flag = arguments[i];
            if (flag is not ("--socket" or "--agent-id"))
            {
                return $"unknown mcp-host flag: {flag}";
            }

            if (i + 1 == arguments.Length)
            {
                return $"{flag} needs value";
            }

            if (flag == "--socket")
            {
                socket = arguments[i + 1];
            }
            else
            {
                agent = arguments[i + 1];
            }
        }

        var token = Environment.GetEnvironmentVariable(TokenVariable);
        return string.IsNullOrEmpty(socket) ? $"no socket given; set {SocketVariable} or pass --socket"
            : string.IsNullOrEmpty(agent) ? $"no agent given; set {AgentVariable} or pass --agent-id"
            : string.IsNullOrEmpty(token) ? $"no token given; {TokenVariable} is set only while a turn of this agent with tools runs"
            : Relaying.Run(socket, agent, token);
    }
}
