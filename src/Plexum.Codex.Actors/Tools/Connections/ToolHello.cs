using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.Tools.Connections;

/// <summary>The first line of a relay: <c>plexum-mcp 1 AGENT TOKEN</c>.</summary>
/// <param name="Agent">The agent's id.</param>
/// <param name="Token">The turn's token.</param>
internal sealed record ToolHello(string Agent, string Token)
{
    private const int MaxBytes = 512;

    /// <summary>Reads the line and nothing after it, since the rest is MCP.</summary>
    /// <returns>Null if it is not a hello.</returns>
    public static async Task<ToolHello?> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var line = new byte[MaxBytes];
        for (var length = 0; length < MaxBytes; length++)
        {
            if (await socket.ReceiveAsync(line.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
            {
                return null;
            }

            if (line[length] == '\n')
            {
                return Parse(line.AsSpan(0, length));
            }
        }

        return null;
    }

    /// <summary>Parses the line, given without its newline.</summary>
    internal static ToolHello? Parse(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line).Split(' ') is ["plexum-mcp", "1", var agent, var token] ? new ToolHello(agent, token) : null;
}
