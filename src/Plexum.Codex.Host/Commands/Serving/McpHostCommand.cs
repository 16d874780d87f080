using System.CommandLine;
using Plexum.Codex.McpHost;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>mcp-host</c>: the relay between codex and the daemon, for codex only. Declared here for the help; Program runs it.</summary>
internal static class McpHostCommand
{
    public const string Name = "mcp-host";

    public static Command Create() =>
        new(Name, "Relay the host's tools between codex and the daemon. codex starts this in every turn with tools.")
        {
            new Option<string>("--socket")
            {
                Description = $"The daemon's socket; by default {RelayCommand.SocketVariable}.",
                HelpName = "S",
            },
            new Option<string>("--agent-id") { Description = $"The agent's id; by default {RelayCommand.AgentVariable}.", HelpName = "A" },
        };

    public static int Run(ReadOnlySpan<string> arguments) => RelayCommand.Run(arguments);
}
