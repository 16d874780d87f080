using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace FakeCodex.Server;

/// <summary>A client of the server. What goes to it is written one message after the other.</summary>
internal sealed class Connection
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly WebSocket _socket;
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>();

    private Connection(WebSocket socket) => _socket = socket;

    /// <summary>Whether it is answered nothing more.</summary>
    public bool IsSilent { get; set; }

    public static async Task ServeAsync(Socket client, ServerThreads threads)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            await UpgradeAsync(stream);
            using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
            var connection = new Connection(socket);
            var requests = new Requests(connection, threads);
            _ = connection.WriteAsync();
            await connection.ReadAsync(requests.Handle);
            threads.Lose(connection);
        }
        catch (Exception e) when (e is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }

    public void Send(string json)
    {
        if (!IsSilent)
        {
            _outgoing.Writer.TryWrite(Encoding.UTF8.GetBytes(json));
        }
    }

    public void Send(JsonObject message) => Send(message.ToJsonString());

    public void Answer(JsonNode? id, JsonNode result) => Send(new JsonObject { ["id"] = id?.DeepClone(), ["result"] = result });

    public void Fail(JsonNode? id, long code, string message) =>
        Send(
            new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
                ["id"] = id?.DeepClone(),
            }
        );

    public void Tell(string method, JsonObject parameters) => Send(new JsonObject { ["method"] = method, ["params"] = parameters });

    public void Abort() => _socket.Abort();

    private static async Task UpgradeAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        var key = head.ToString()
            .Split("\r\n")
            .First(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase))
            .Split(':', 2)[1]
            .Trim();
#pragma warning disable CA5350 // The protocol names it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
        var answer =
            $"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {accept}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    private async Task WriteAsync()
    {
        await foreach (var bytes in _outgoing.Reader.ReadAllAsync())
        {
            try
            {
                await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            catch (Exception e) when (e is IOException or WebSocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(Action<JsonObject> handle)
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                // What is no request gets no answer, only a word on stderr.
                if (Parse(message.ToArray()) is { } request)
                {
                    handle(request);
                }

                message.SetLength(0);
            }
        }
    }

    private static JsonObject? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException e)
        {
            Output.Error.Line($"Failed to deserialize JSONRPCMessage: {e.Message}");
            return null;
        }
    }
}
