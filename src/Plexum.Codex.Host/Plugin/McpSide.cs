using System.Collections.Concurrent;
using System.IO.Pipelines;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Host.Plugin.Tools;
using Serilog;

namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// Standard MCP, handled by the ModelContextProtocol package over two in-process pipes. The package accepts fewer kinds of ids than
/// JSON-RPC allows, so each request gets a number on the way in and its original id back on the way out.
/// </summary>
internal sealed class McpSide(FrameWriter output, PluginDaemon daemon) : IAsyncDisposable
{
    private static readonly TimeSpan LastLine = TimeSpan.FromSeconds(1);

    private readonly Pipe _toServer = new();
    private readonly Pipe _fromServer = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private Task _serving = Task.CompletedTask;
    private long _last;

    public void Start() => _serving = Task.WhenAll(ServeAsync(), ReadAsync());

    /// <summary>Passes a message to the MCP server.</summary>
    public async Task TakeAsync(RpcMessage message, CancellationToken cancellationToken)
    {
        if (message is RpcMessage.Request asked && WhyNot(asked) is { } error)
        {
            await output.WriteAsync(RpcFrame.Error(asked.Id, error.Code, error.Sentence), cancellationToken).ConfigureAwait(false);
            return;
        }

        var frame = message switch
        {
            RpcMessage.Request request => RpcFrame.Request(request, Number(request.Id)),
            RpcMessage.Notification { Method: McpMethods.Cancelled } cancelled => Cancelled(cancelled),
            RpcMessage.Notification notification => RpcFrame.Notification(notification),
            RpcMessage.Response { Id: { } id } response => RpcFrame.Response(response, id),
            _ => default,
        };
        if (!frame.IsEmpty)
        {
            await _toServer.Writer.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when all requests received so far are answered.</summary>
    public Task AnsweredAsync() => Task.WhenAll(_waiting.Values.Select(waiting => waiting.Answered.Task));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _toServer.Writer.CompleteAsync().ConfigureAwait(false);

        // A host that does not read can block a write forever.
        await Task.WhenAny(_serving, Task.Delay(LastLine, TimeProvider.System)).ConfigureAwait(false);
        _end.Dispose();
    }

    private (int Code, string Sentence)? WhyNot(RpcMessage.Request request) =>
        McpMethods.WhyNot(request) is { } mistake ? (RpcException.InvalidParams, mistake)
        : _serving.IsCompleted ? (RpcException.InternalError, "The plugin's MCP server has failed; its log says why. Restart the plugin.")
        : null;

    private async Task ServeAsync()
    {
        try
        {
            await CodexToolServer
                .RunAsync(_toServer.Reader.AsStream(), _fromServer.Writer.AsStream(), daemon, _end.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The plugin is stopping.
        }
        catch (Exception e)
        {
            Log.Error(e, "plugin: the MCP server failed");
        }
        finally
        {
            await _fromServer.Writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync()
    {
        var lines = new LineReader(_fromServer.Reader, long.MaxValue);
        try
        {
            while (await lines.NextAsync(_end.Token).ConfigureAwait(false) is { } line)
            {
                await PassOutAsync(line).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HostGoneException)
        {
            // The plugin is stopping, or the host has closed its end.
        }
    }

    private async Task PassOutAsync(Line line)
    {
        if (RpcMessage.Parse(line.Bytes.Span) is not RpcMessage.Response { Id: { } id } response)
        {
            await output.WriteAsync((byte[])[.. line.Bytes.Span, (byte)'\n'], _end.Token).ConfigureAwait(false);
        }
        else if (_waiting.TryGetValue(id.Key, out var waiting))
        {
            await output.WriteAsync(RpcFrame.Response(response, waiting.Id), _end.Token).ConfigureAwait(false);
            _waiting.TryRemove(id.Key, out _);
            waiting.Answered.TrySetResult();
        }

        // Otherwise the request was cancelled, so its answer is dropped.
    }

    private RpcId Number(RpcId id)
    {
        var number = RpcId.Of(Interlocked.Increment(ref _last));
        _waiting[number.Key] = new Waiting(id);
        return number;
    }

    // Ignores requests that are unknown or already answered.
    private ReadOnlyMemory<byte> Cancelled(RpcMessage.Notification cancelled)
    {
        if (
            McpMethods.CancelledRequest(cancelled) is not { } id
            || _waiting.FirstOrDefault(waiting => waiting.Value.Id.Key == id.Key).Key is not { } number
        )
        {
            return default;
        }

        // A cancelled request gets no answer.
        if (_waiting.TryRemove(number, out var given))
        {
            given.Answered.TrySetResult();
        }

        return RpcFrame.Notification(McpMethods.Cancelled, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName(McpMethods.CancelledId);
            json.WriteRawValue(number);
            json.WriteEndObject();
        });
    }

    private sealed record Waiting(RpcId Id)
    {
        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
