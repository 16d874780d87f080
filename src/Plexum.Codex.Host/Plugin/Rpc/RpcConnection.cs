using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Plexum.Codex.Json;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>
/// A bidirectional JSON-RPC 2.0 connection to a host. Requests run concurrently, and an invalid line does not stop the reading.
/// </summary>
/// <param name="input">The stream that the host writes.</param>
/// <param name="output">The writer to the host.</param>
/// <param name="maxValues">How many JSON values a line may have.</param>
// Not StreamJsonRpc, which disconnects for good after one bad line; this answers with an error and reads the next line.
internal sealed class RpcConnection(Stream input, FrameWriter output, Func<int> maxValues)
{
    /// <summary>The maximum length of a line, in bytes; the same limit as for MCP messages to codex.</summary>
    public const long MaxLineBytes = 32 * 1024 * 1024;

    // More than this can only be a faulty host.
    private const int MaxRunning = 1024;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Task> _running = new();
    private long _lastRequest;
    private long _lastRunning;

    /// <summary>Reads until the end of the input.</summary>
    /// <param name="receiver">Handles the messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task RunAsync(IRpcReceiver receiver, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var lines = new LineReader(pipe, MaxLineBytes);
        while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var bytes = WholeText.OfJson(line.Bytes);
            if (line.IsTooLong)
            {
                var problem = FormattableString.Invariant($"The line is longer than {MaxLineBytes} bytes and was ignored.");
                await RejectAsync(bytes, new RpcMessage.Invalid(RpcId.Null, RpcException.InvalidRequest, problem), cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (maxValues() is var max && JsonValueLimit.IsExceeded(bytes.Span, max, RpcMessage.MaxDepth))
            {
                var problem = FormattableString.Invariant(
                    $"The line has more than {max} JSON values (api.max-body-elements) and was ignored."
                );
                await RejectLargeAsync(bytes, problem, cancellationToken).ConfigureAwait(false);
            }
            else if (!line.IsBlank)
            {
                await TakeAsync(Parse(line.Bytes, bytes), bytes, receiver, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Completes when all requests received so far are answered.</summary>
    public Task AnsweredAsync() => Task.WhenAll(_running.Values);

    public Task NotifyAsync(string method, Action<Utf8JsonWriter> parameters, CancellationToken cancellationToken) =>
        output.WriteAsync(RpcFrame.Notification(method, parameters), cancellationToken);

    /// <summary>Sends a request to the host and waits for its result. Cancellation is also sent to the host.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="RpcException">The host answered with an error.</exception>
    public async Task<JsonElement> CallAsync(string method, Action<Utf8JsonWriter> parameters, CancellationToken cancellationToken)
    {
        var id = RpcId.Of(FormattableString.Invariant($"{OwnIds}{Interlocked.Increment(ref _lastRequest)}"));
        var answer = _asked[id.Key] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await output.WriteAsync(RpcFrame.Request(id, method, parameters), cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var cancelled = RpcFrame.Notification(McpMethods.Cancelled, json => WriteCancelled(json, id));
            _ = Try(() => output.WriteAsync(cancelled, CancellationToken.None));
            throw;
        }
        finally
        {
            _asked.TryRemove(id.Key, out _);
        }
    }

    /// <summary>The prefix of the ids of our own requests.</summary>
    private const string OwnIds = "plexum-codex-";

    private async Task TakeAsync(RpcMessage message, ReadOnlyMemory<byte> line, IRpcReceiver receiver, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case RpcMessage.Invalid invalid:
                await RejectAsync(line, invalid, cancellationToken).ConfigureAwait(false);
                break;
            case RpcMessage.Response { Id: { } id } response when _asked.TryRemove(id.Key, out var asked):
                Settle(asked, response.Root);
                break;
            case RpcMessage.Request request when receiver.Knows(request.Method):
                Start(request, receiver, cancellationToken);
                break;
            case RpcMessage.Response when FailAsked(line, RpcException.InvalidRequest, "The host's answer has no id, or several."):
                break;
            default:
                await receiver.PassOnAsync(message, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private void Start(RpcMessage.Request request, IRpcReceiver receiver, CancellationToken cancellationToken)
    {
        var number = ++_lastRunning;
        var task = Task.Run(() => AnswerAsync(request, receiver, cancellationToken), CancellationToken.None);
        _running[number] = task;
        _ = task.ContinueWith(
            _ => _running.TryRemove(number, out var _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task AnswerAsync(RpcMessage.Request request, IRpcReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            var reply =
                _running.Count > MaxRunning ? throw Busy() : await receiver.AnswerAsync(request, cancellationToken).ConfigureAwait(false);
            await output.WriteAsync(RpcFrame.Result(request.Id, reply.Result), cancellationToken).ConfigureAwait(false);
            reply.Afterwards?.Invoke();
        }
        catch (RpcException e)
        {
            var error = RpcFrame.Error(request.Id, e.Code, e.Message, e.Reason);
            await Try(() => output.WriteAsync(error, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HostGoneException or OperationCanceledException)
        {
            // The host has closed its end, or the plugin is stopping.
        }
        catch (Exception e)
        {
            Log.Error(e, "plugin: {Method} failed", request.Method);
            var error = RpcFrame.Error(request.Id, RpcException.InternalError, $"{request.Method} failed: {e.Message}");
            await Try(() => output.WriteAsync(error, cancellationToken)).ConfigureAwait(false);
        }
    }

    private static RpcException Busy() =>
        new(RpcException.Refused, FormattableString.Invariant($"More than {MaxRunning} requests are running; wait for their answers."))
        {
            Reason = "busy",
        };

    private Task RejectAsync(RpcMessage.Invalid invalid, CancellationToken cancellationToken) =>
        output.WriteAsync(RpcFrame.Error(invalid.Id, invalid.Code, invalid.Message), cancellationToken);

    // A call waits for an answer, which therefore counts as far as it can be read. A request that is not UTF-8 is the host's mistake.
    private static RpcMessage Parse(ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> whole)
    {
        var message = RpcMessage.Parse(whole.Span);
        return message is RpcMessage.Response || Utf8.IsValid(line.Span) ? message : RpcMessage.NotUtf8;
    }

    // The host is told, and so is whoever waits for an answer on this line.
    private async Task RejectAsync(ReadOnlyMemory<byte> line, RpcMessage.Invalid invalid, CancellationToken cancellationToken)
    {
        FailAsked(line, invalid.Code, invalid.Message);
        await RejectAsync(invalid, cancellationToken).ConfigureAwait(false);
    }

    private async Task RejectLargeAsync(ReadOnlyMemory<byte> line, string problem, CancellationToken cancellationToken)
    {
        if (!FailAsked(line, RpcException.InvalidRequest, problem))
        {
            var id = RpcHead.Of(line.Span).Id ?? RpcId.Null;
            await RejectAsync(new RpcMessage.Invalid(id, RpcException.InvalidRequest, problem), cancellationToken).ConfigureAwait(false);
        }
    }

    // Whoever waits for an answer on this line is told that there is none. If its id cannot be known, that is the only one who waits.
    private bool FailAsked(ReadOnlyMemory<byte> line, int code, string problem)
    {
        var answers = RpcHead.OfEach(line.Span).Where(head => !head.HasMethod).ToList();
        var keys = answers.SelectMany(head => head.Ids).Select(id => id.Key).ToList();
        if (keys.Count == 0 && answers.Exists(head => head.HasAnswer) && _asked.Keys is { Count: 1 } waiting)
        {
            keys.AddRange(waiting);
        }

        var failed = false;
        foreach (var key in keys)
        {
            failed |= _asked.TryRemove(key, out var asked) && asked.TrySetException(new RpcException(code, problem));
        }

        return failed;
    }

    private static void Settle(TaskCompletionSource<JsonElement> asked, JsonElement answer)
    {
        if (answer.TryGetProperty("result", out var result))
        {
            asked.TrySetResult(result);
            return;
        }

        var error = answer.GetProperty("error");
        var text =
            error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? RpcText.TryGet(message) : null;
        asked.TrySetException(new RpcException(RpcException.InternalError, text ?? "The host answered with an error without a message."));
    }

    private static void WriteCancelled(Utf8JsonWriter json, RpcId id)
    {
        json.WriteStartObject();
        json.WritePropertyName(McpMethods.CancelledId);
        json.WriteRawValue(id.Raw);
        json.WriteEndObject();
    }

    private static async Task Try(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HostGoneException or OperationCanceledException or ObjectDisposedException)
        {
            // The host has closed its end, or the plugin is stopping.
        }
    }
}
