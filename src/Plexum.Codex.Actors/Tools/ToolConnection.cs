using System.Net.Sockets;
using Akka.Actor;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Tools.Schemas;

namespace Plexum.Codex.Tools;

/// <summary>
/// One connection of a relay: a hello line, then MCP. It runs outside the actor and asks it for everything. A fault ends this connection
/// and nothing else.
/// </summary>
internal sealed class ToolConnection(long number, Socket socket, IBackendRun run, IActorRef bridge, TimeProvider time) : IAsyncDisposable
{
    private const long MaxLineBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(10);
    private static readonly Implementation ServerInfo = new() { Name = "plexum-host", Version = "1" };

    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private McpServer? _server;

    /// <summary>Whether it was admitted and has not ended.</summary>
    public bool IsServing => Volatile.Read(ref _server) is not null && !_finished.Task.IsCompleted;

    /// <summary>Serves the connection until it ends.</summary>
    /// <returns>Why it was not admitted, to say after "was closed"; null if it was.</returns>
    public async Task<string?> RunAsync()
    {
        string? refusal = "it ended before it had said who it is";
        try
        {
            refusal = await WhyNotAsync().ConfigureAwait(false);
            if (refusal is null)
            {
                await ServeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            // The relay is gone, or the turn is over.
        }
        finally
        {
            socket.Dispose();
            _finished.TrySetResult();
        }

        return refusal;
    }

    /// <summary>Notifies codex that the tools have changed, if it is still connected.</summary>
    public async Task TellToolsChangedAsync()
    {
        try
        {
            if (Volatile.Read(ref _server) is { } server)
            {
                await server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, _end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            // RunAsync ends too, which tells the actor that the connection is gone.
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await _finished.Task.ConfigureAwait(false);
        _end.Dispose();
    }

    private static bool IsOfConnection(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException;

    // The token alone is not enough: what the model of another agent can read includes the environment of this turn's codex.
    private async Task<string?> WhyNotAsync()
    {
        using var peer = SocketPeer.Of(socket);
        if (await AwaitHelloAsync().ConfigureAwait(false) is not { } hello)
        {
            return $"{peer} said something else than a relay";
        }

        var shown = new ToolConnectionProtocol.Authenticate(number, hello.Agent, hello.Token);
        if (!(await AskAsync<ToolConnectionProtocol.Authenticated>(shown, _end.Token).ConfigureAwait(false)).IsAdmitted)
        {
            return $"{peer} did not present the turn's token";
        }

        var isOwn = await run.IsOwnAsync(peer, _end.Token).ConfigureAwait(false);
        return isOwn ? null : $"{peer} has the turn's token and does not descend from its codex";
    }

    private async Task<ToolHello?> AwaitHelloAsync()
    {
        using var limit = new CancellationTokenSource(HelloLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
        return await ToolHello.ReadAsync(socket, either.Token).ConfigureAwait(false);
    }

    private async Task ServeAsync()
    {
        var stream = new LineLimitStream(new NetworkStream(socket, ownsSocket: true), MaxLineBytes);
        await using var transport = new StreamServerTransport(stream, stream);
        await using var server = McpServer.Create(
            transport,
            new McpServerOptions
            {
                ServerInfo = ServerInfo,
                Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } },
                Handlers = new McpServerHandlers { ListToolsHandler = ListAsync, CallToolHandler = CallAsync },
                Filters = { Message = { IncomingFilters = { ToolCallShape.Check } } },
            }
        );
        Volatile.Write(ref _server, server);
        await server.RunAsync(_end.Token).ConfigureAwait(false);
    }

    private async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var listed = await AskAsync<ToolConnectionProtocol.ToolsListed>(new ToolConnectionProtocol.ListTools(number), cancellationToken)
            .ConfigureAwait(false);
        return new ListToolsResult
        {
            Tools =
            [
                .. listed.Tools.Select(tool => new Tool
                {
                    Name = tool.Name,
                    Description = tool.Description is { } description ? WholeText.Of(description) : null,
                    InputSchema = ToolArguments.SchemaOf(tool),
                }),
            ],
        };
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = new ToolConnectionProtocol.Call(
            number,
            Guid.NewGuid(),
            CallIdOf(request.Params),
            request.Params?.Name ?? "",
            request.Params?.Arguments
        );
        try
        {
            return (await AskAsync<ToolResult>(call, cancellationToken).ConfigureAwait(false)).ToMcp();
        }
        catch (OperationCanceledException)
        {
            bridge.Tell(new ToolConnectionProtocol.GiveUp(call.Operation), ActorRefs.NoSender);
            throw;
        }
    }

    // codex's id of the call, which is the model's (measured on 0.169.0).
    private static string? CallIdOf(CallToolRequestParams? parameters) =>
        parameters?.Meta?["callId"] is { } id
        && id.GetValueKind() == System.Text.Json.JsonValueKind.String
        && (string?)id is { Length: > 0 and <= 256 } text
            ? text
            : null;

    private async Task<T> AskAsync<T>(object message, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        return await bridge.Ask<T>(message, Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(false);
    }
}
