using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Daemon;

/// <summary>A client of MCP in the place of codex's. It speaks through a relay that FakeCodex started, as codex does.</summary>
internal sealed record CodexInPlace(string Turn, McpClient Client) : IAsyncDisposable
{
    /// <summary>Has FakeCodex start a relay.</summary>
    /// <param name="relay">The path behind the script's step <c>relay</c>, which has been played.</param>
    /// <param name="turn">The turn.</param>
    public static async Task<CodexInPlace> ConnectAsync(string relay, string turn)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(relay)).WithinLimit();
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new CodexInPlace(turn, await McpClient.CreateAsync(new StreamClientTransport(stream, stream)).WithinLimit());
    }

    /// <summary>Calls the tool <c>get</c>.</summary>
    public Task<CallToolResult> CallAsync(string id) =>
        Client
            .CallToolAsync(
                new CallToolRequestParams
                {
                    Name = "get",
                    Arguments = new Dictionary<string, JsonElement> { ["key"] = JsonDocument.Parse("[1]").RootElement },
                    Meta = new() { ["callId"] = id },
                }
            )
            .WithinLimit();

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
