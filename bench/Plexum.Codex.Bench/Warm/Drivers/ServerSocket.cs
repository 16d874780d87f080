using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>As little of a client of <c>codex app-server</c> as runs turns: requests, answers, and what is said of each thread.</summary>
internal sealed class ServerSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _threads = new();
    private Task _reading = Task.CompletedTask;
    private long _last;

    private ServerSocket(string path) =>
        _invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );

    public static async Task<ServerSocket> OpenAsync(string path)
    {
        var server = new ServerSocket(path);
        await server._socket.ConnectAsync(new Uri("ws://localhost/"), server._invoker, CancellationToken.None);
        server._reading = server.ReadAllAsync();
        await server.AskAsync(
            "initialize",
            new JsonObject
            {
                ["clientInfo"] = new JsonObject { ["name"] = "bench", ["version"] = "1" },
                ["capabilities"] = new JsonObject { ["experimentalApi"] = true },
            }
        );
        await server.SendAsync(new JsonObject { ["method"] = "initialized" });
        return server;
    }

    /// <summary>What is said of a thread from now on.</summary>
    public ChannelReader<JsonElement> Of(string thread) => _threads.GetOrAdd(thread, _ => Channel.CreateUnbounded<JsonElement>()).Reader;

    /// <exception cref="BenchException">The server refused.</exception>
    public async Task<JsonElement> AskAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(
            new JsonObject
            {
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters,
            }
        );
        return await answer.Task.WithinLimit();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _invoker.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(JsonObject message)
    {
        await _sending.WaitAsync();
        try
        {
            var bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAllAsync()
    {
        var buffer = new byte[65536];
        var message = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: WebSocketMessageType.Text } read)
            {
                message.Write(buffer, 0, read.Count);
                if (read.EndOfMessage)
                {
                    using var document = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
                    Take(document.RootElement);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It is over.
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("method", out _))
        {
            if (
                message.TryGetProperty("params", out var parameters)
                && parameters.TryGetProperty("threadId", out var thread)
                && _threads.TryGetValue(thread.GetString()!, out var listener)
            )
            {
                listener.Writer.TryWrite(message.Clone());
            }
        }
        else if (_asked.TryRemove(message.GetProperty("id").GetInt64(), out var asked))
        {
            if (message.TryGetProperty("result", out var result))
            {
                asked.SetResult(result.Clone());
            }
            else
            {
                asked.SetException(new BenchException(message.GetRawText()));
            }
        }
    }
}
