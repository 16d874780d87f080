using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>A client of MCP at the socket of a turn's tools, in the place of codex's.</summary>
internal sealed record CodexInPlace(string Turn, McpClient Client) : IAsyncDisposable
{
    /// <summary>Connects with the turn's token, as the relay does that codex starts.</summary>
    public static async Task<CodexInPlace> ConnectAsync(string profile, string agent, string turn)
    {
        var token = ExecRecord.Load(TurnDirectory.Of(new AgentDirectory(profile, AgentId.Parse(agent)), TurnId.Parse(turn)))!.ToolToken;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(
            new UnixDomainSocketEndPoint(Assert.Single(Directory.EnumerateFiles(Path.Combine(profile, "run"), "*.sock")))
        );
        await socket.SendAsync(Encoding.UTF8.GetBytes($"plexum-mcp 1 {agent} {token}\n"));
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
