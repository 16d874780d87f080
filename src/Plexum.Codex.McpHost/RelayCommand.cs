namespace Plexum.Codex.McpHost;

/// <summary>
/// <c>mcp-host</c>: what codex starts as its MCP server. It carries lines between codex, on its standard streams, and the daemon's
/// socket, and understands none of them.
/// </summary>
internal static class RelayCommand
{
    /// <summary>The variable with the socket's path; <c>--socket</c> goes before it.</summary>
    public const string SocketVariable = "PLEXUM_MCP_SOCKET";

    /// <summary>The variable with the agent's id; <c>--agent-id</c> goes before it.</summary>
    public const string AgentVariable = "PLEXUM_MCP_AGENT_ID";

    /// <summary>The variable with the turn's token.</summary>
    public const string TokenVariable = "PLEXUM_MCP_TOKEN";

    /// <summary>Relays until either side closes.</summary>
    /// <returns>The exit code: 0, or 1 with a sentence on stderr.</returns>
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
        return string.IsNullOrEmpty(socket) ? $"no socket is named; set {SocketVariable} or give --socket"
            : string.IsNullOrEmpty(agent) ? $"no agent is named; set {AgentVariable} or give --agent-id"
            : string.IsNullOrEmpty(token) ? $"there is no token; {TokenVariable} has it while a turn with tools of this agent runs"
            : Relaying.Run(socket, agent, token);
    }
}
