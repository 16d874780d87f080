using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.TestSupport;

/// <summary>A Plexum host on two streams, as far as anybody knows what one does. All that it reads must be lines of JSON-RPC.</summary>
internal sealed class PlexumHost : IDisposable
{
    private readonly Stream _toPlugin;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _asked = new();
    private readonly ConcurrentDictionary<string, Channel<JsonObject>> _events = new();
    private readonly SemaphoreSlim _gate = new(0, 1);
    private readonly CancellationTokenSource _end = new();
    private int _last;

    /// <param name="toPlugin">The plugin's standard input.</param>
    /// <param name="fromPlugin">The plugin's standard output.</param>
    /// <param name="reads">Whether it reads from the beginning.</param>
    public PlexumHost(Stream toPlugin, Stream fromPlugin, bool reads = true)
    {
        _toPlugin = toPlugin;
        if (reads)
        {
            Read();
        }

        Reading = Task.Run(() => ReadAsync(fromPlugin));
    }

    /// <summary>Completes when the plugin has closed its output.</summary>
    public Task Reading { get; }

    /// <summary>The lines for the host's log.</summary>
    public ConcurrentQueue<JsonObject> Logs { get; } = new();

    /// <summary>Everything else that came unasked.</summary>
    public Channel<JsonObject> Unasked { get; } = Channel.CreateUnbounded<JsonObject>();

    /// <summary>The calls of the host's tools.</summary>
    public Channel<JsonObject> ToolCalls { get; } = Channel.CreateUnbounded<JsonObject>();

    /// <summary>Begins to read.</summary>
    public void Read() => _gate.Release();

    public static JsonObject Turn(string text, string agent, string workspace, params string[] tools) =>
        new()
        {
            ["agent"] = new JsonObject { ["agent_id"] = agent, ["workspace"] = workspace },
            ["model"] = "codex",
            ["request"] = new JsonObject
            {
                ["messages"] = new JsonArray(
                    new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) }
                ),
                ["tools"] = new JsonArray([
                    .. tools.Select(tool => new JsonObject
                    {
                        ["name"] = tool,
                        ["description"] = "A tool.",
                        ["inputSchema"] = new JsonObject { ["type"] = "object" },
                    }),
                ]),
            },
        };

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _toPlugin.WriteAsync(bytes).WithinLimit();
        await _toPlugin.FlushAsync().WithinLimit();
    }

    public Task SendAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public Task NotifyAsync(string method, JsonNode? parameters = null) =>
        SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = method,
                ["params"] = parameters,
            }.ToJsonString()
        );

    /// <summary>Sends a request and waits for the whole answer.</summary>
    public async Task<JsonObject> AskAsync(string method, JsonNode? parameters = null) =>
        await (await BeginAsync(method, parameters)).Answer;

    /// <summary>Sends a request.</summary>
    public async Task<(string Id, Task<JsonObject> Answer)> BeginAsync(string method, JsonNode? parameters = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"h{Interlocked.Increment(ref _last)}");
        var answer = _asked[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = method,
        };
        if (parameters is not null)
        {
            request["params"] = parameters;
        }

        await SendAsync(request.ToJsonString());
        return (id, answer.Task.WithinLimit());
    }

    /// <summary>Sends a request that must succeed.</summary>
    public async Task<JsonObject> CallAsync(string method, JsonNode? parameters = null)
    {
        var answer = await AskAsync(method, parameters);
        Assert.True(answer["result"] is JsonObject, answer.ToJsonString());
        return answer["result"]!.AsObject();
    }

    /// <summary>Sends a request that must fail.</summary>
    public async Task<(int Code, string Message, string? Reason)> FailAsync(string method, JsonNode? parameters = null)
    {
        var answer = await AskAsync(method, parameters);
        Assert.True(answer["error"] is JsonObject, answer.ToJsonString());
        var error = answer["error"]!;
        return ((int)error["code"]!, (string)error["message"]!, (string?)error["data"]?["code"]);
    }

    /// <summary>Begins a turn.</summary>
    public async Task<string> StreamAsync(JsonObject turn) => (string)(await CallAsync(PlexumMethods.Stream, turn))["turn_id"]!;

    /// <summary>The next event of a turn.</summary>
    public async Task<JsonObject> EventAsync(string turn) => await EventsOf(turn).Reader.ReadAsync().WithinLimit();

    /// <summary>Reads up to the next event of a type.</summary>
    public async Task<List<JsonObject>> EventsToAsync(string turn, string type)
    {
        var events = new List<JsonObject>();
        do
        {
            events.Add(await EventAsync(turn));
        } while ((string)events[^1]["type"]! != type);
        return events;
    }

    /// <summary>Reads to the end of a turn.</summary>
    public async Task<List<JsonObject>> EndAsync(string turn)
    {
        var events = await EventsToAsync(turn, "message_end");
        Assert.False(EventsOf(turn).Reader.TryPeek(out var more), more?.ToJsonString());
        return events;
    }

    /// <summary>The next call of a tool.</summary>
    public async Task<JsonObject> ToolCallAsync() => await ToolCalls.Reader.ReadAsync().WithinLimit();

    /// <summary>Answers a call of a tool.</summary>
    public Task AnswerAsync(JsonObject call, JsonNode result) =>
        SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = call["id"]!.DeepClone(),
                ["result"] = result,
            }.ToJsonString()
        );

    public void Dispose()
    {
        _end.Cancel();
        _toPlugin.Dispose();
        _gate.Dispose();
        _end.Dispose();
    }

    private Channel<JsonObject> EventsOf(string turn) => _events.GetOrAdd(turn, _ => Channel.CreateUnbounded<JsonObject>());

    private async Task ReadAsync(Stream fromPlugin)
    {
        try
        {
            await _gate.WaitAsync(_end.Token);
            using var lines = new StreamReader(fromPlugin, new UTF8Encoding(false, throwOnInvalidBytes: true));
            while (await lines.ReadLineAsync(_end.Token) is { } line)
            {
                Take(JsonNode.Parse(line)!.AsObject());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
        catch (Exception e)
        {
            foreach (var asked in _asked.Values)
            {
                asked.TrySetException(e);
            }

            throw;
        }
    }

    private void Take(JsonObject frame)
    {
        Assert.Equal("2.0", (string)frame["jsonrpc"]!);
        if (
            frame["method"] is null
            && frame["id"]?.GetValueKind() == System.Text.Json.JsonValueKind.String
            && _asked.TryRemove((string)frame["id"]!, out var asked)
        )
        {
            asked.SetResult(frame);
            return;
        }

        var parameters = frame["params"] as JsonObject;
        switch ((string?)frame["method"])
        {
            case PlexumMethods.StreamEvent:
                EventsOf((string)parameters!["turn_id"]!).Writer.TryWrite(parameters["event"]!.AsObject());
                break;
            case PlexumMethods.PlexumHostLog:
                Logs.Enqueue(parameters!);
                break;
            case PlexumMethods.CallHostTool:
                ToolCalls.Writer.TryWrite(frame);
                break;
            default:
                Unasked.Writer.TryWrite(frame);
                break;
        }
    }
}
