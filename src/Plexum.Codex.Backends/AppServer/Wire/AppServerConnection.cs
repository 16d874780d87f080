using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// A connection to <c>codex app-server</c>. All that the server says goes to one listener, in the order in which the server said it,
/// answers among the rest. A request that is not answered in time is reported as that; its late answer is dropped. Thread-safe.
/// </summary>
internal sealed class AppServerConnection : IDisposable
{
    private const string Client = "plexum";
    private const long HandshakeId = 0;

    private readonly UnixWebSocket _web;
    private readonly MessageReader _reader;
    private readonly ConnectionSettings _settings;
    private readonly Action<AppServerReport> _report;
    private readonly RequestTable _requests;
    private readonly CancellationTokenSource _over = new();

    // Bounded by the requests in flight and by the server's own questions, each of which is answered once.
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });

    private long _last = HandshakeId;
    private int _isOver;

    private AppServerConnection(UnixWebSocket web, ConnectionSettings settings, TimeProvider time, Action<AppServerReport> report)
    {
        _web = web;
        _settings = settings;
        _report = report;
        _reader = new MessageReader(web.Socket, settings.MaxMessageBytes);
        _requests = new RequestTable(settings.RequestLimit, time, bytes => _outgoing.Writer.TryWrite(bytes), OnExpired);
    }

    /// <summary>What the server calls itself: <c>plexum/0.169.0 (Debian 12.0.0; x86_64) …</c>; empty if it did not tell.</summary>
    public string UserAgent { get; private set; } = "";

    /// <summary>Connects and introduces this program.</summary>
    /// <param name="directory">The directory of the server's socket.</param>
    /// <param name="socket">The socket's name in it.</param>
    /// <param name="settings">How it is used.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="report">Gets what the server says, one after the other, and faults from any thread.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AppServerException">The server cannot be reached, or refused this program.</exception>
    public static async Task<AppServerConnection> OpenAsync(
        string directory,
        string socket,
        ConnectionSettings settings,
        TimeProvider time,
        Action<AppServerReport> report,
        CancellationToken cancellationToken
    )
    {
        UnixWebSocket? web = null;
        AppServerConnection? connection = null;
        try
        {
            web = await UnixWebSocket.ConnectAsync(directory, socket, cancellationToken).ConfigureAwait(false);
            connection = new AppServerConnection(web, settings, time, report);
            await connection.IntroduceAsync(cancellationToken).ConfigureAwait(false);
            _ = connection.SendAllAsync();
            _ = connection.ReadAllAsync();
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            web?.Dispose();
            throw e switch
            {
                AppServerException or OperationCanceledException => e,
                _ => new AppServerException(Down($"codex app-server cannot be reached: {Deepest(e).Message}"), e),
            };
        }
    }

    /// <summary>Asks the server for something.</summary>
    /// <returns>The number of the request; an <see cref="AppServerReport.Done"/> with it follows in any case.</returns>
    public long Ask(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref _last);
        var bytes = WireText.Request(id, method, parameters);
        if (bytes.Length > ConnectionSettings.MaxSentBytes)
        {
            Fail(id, new AppServerFault(AppServerFaultKind.TooLarge, TooMuch(method, bytes.Length)));
        }
        else if (!_requests.Add(id, bytes, AppServerMethods.EndsTurns(method)))
        {
            Fail(id, Down("The connection to codex app-server is over."));
        }

        return id;
    }

    /// <summary>Answers a question of the server.</summary>
    public void Reply(JsonElement requestId, JsonObject result) => _outgoing.Writer.TryWrite(WireText.Reply(requestId, result));

    /// <summary>Answers a question of the server with an error.</summary>
    public void ReplyError(JsonElement requestId, string message) => _outgoing.Writer.TryWrite(WireText.ReplyError(requestId, message));

    /// <summary>Ends the connection. The server and its turns go on.</summary>
    public void Dispose()
    {
        End(Down("The connection to codex app-server was closed."));
        _requests.Dispose();
        _over.Dispose();
    }

    private async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        var parameters = new JsonObject
        {
            ["clientInfo"] = new JsonObject { ["name"] = Client, ["version"] = OwnVersion.Number },
            ["capabilities"] = new JsonObject
            {
                ["experimentalApi"] = true,
                ["requestAttestation"] = false,
                ["optOutNotificationMethods"] = new JsonArray([.. ConnectionSettings.Unread.Select(name => (JsonNode)name)]),
            },
        };
        await WriteAsync(WireText.Request(HandshakeId, "initialize", parameters), cancellationToken).ConfigureAwait(false);
        while (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            switch (WireMessage.Read(message.Bytes.Span))
            {
                case WireMessage.Result { Id: HandshakeId, Value: var welcome }:
                    UserAgent = WireMessage.TextOf(WireMessage.Member(welcome, "userAgent")) ?? "";
                    await WriteAsync(WireText.Notification("initialized"), cancellationToken).ConfigureAwait(false);
                    return;
                case WireMessage.Failure { Id: HandshakeId, Fault: var fault }:
                    throw new AppServerException(fault);
            }
        }

        throw new AppServerException(Down("codex app-server closed the connection before it had answered."));
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var bytes in _outgoing.Reader.ReadAllAsync(_over.Token).ConfigureAwait(false))
            {
                await WriteAsync(bytes, _over.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            End(Down($"The connection to codex app-server broke: {Deepest(e).Message}"));
        }
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_over.Token).ConfigureAwait(false) is { } message)
            {
                if (message.IsWhole)
                {
                    OnMessage(WireMessage.Read(message.Bytes.Span));
                }
                else
                {
                    OnTooLarge(message);
                }
            }

            End(Down("codex app-server closed the connection."));
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            End(Down($"The connection to codex app-server broke: {Deepest(e).Message}"));
        }
    }

    private void OnMessage(WireMessage message)
    {
        switch (message)
        {
            case WireMessage.Result result when _requests.Remove(result.Id):
                _report(new AppServerReport.Done(result.Id, result.Value, null));
                break;
            case WireMessage.Failure failure when _requests.Remove(failure.Id):
                Fail(failure.Id, failure.Fault);
                break;
            case WireMessage.Notification told:
                _report(new AppServerReport.Told(told.Method, told.Parameters));
                break;
            case WireMessage.Question question:
                _report(new AppServerReport.Asked(question.Id, question.Method, question.Parameters));
                break;
            case WireMessage.Unreadable unreadable:
                LeaveOut(AppServerFaultKind.Unreadable, $"A message of codex app-server was left out: {unreadable.Reason}.");
                break;
            default:
                // The answer to a request that was given up.
                break;
        }
    }

    private void OnTooLarge(ReceivedMessage message)
    {
        var head = MessageHead.Read(message.Bytes.Span);
        var what = head.Method ?? (head.Id is null ? "A message" : "An answer");
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{what} of codex app-server was left out: it has {message.Length} bytes, and at most {_settings.MaxMessageBytes} are read."
        );
        if (head is { Id: { } id, Method: null } && _requests.Remove(id))
        {
            Fail(id, new AppServerFault(AppServerFaultKind.TooLarge, text));
        }
        else
        {
            LeaveOut(AppServerFaultKind.TooLarge, text);
        }
    }

    private void OnExpired(long id) =>
        Fail(
            id,
            new AppServerFault(
                AppServerFaultKind.NoAnswer,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"codex app-server did not answer within {_settings.RequestLimit.TotalSeconds:0.#} s (codex.app-server.request-limit)."
                )
            )
        );

    private void End(AppServerFault fault)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        _over.Cancel();
        _web.Dispose();
        _outgoing.Writer.TryComplete();
        foreach (var id in _requests.Close())
        {
            Fail(id, fault);
        }

        _report(new AppServerReport.Closed(fault));
    }

    private void Fail(long id, AppServerFault fault) => _report(new AppServerReport.Done(id, default, fault));

    private void LeaveOut(AppServerFaultKind kind, string what) => _report(new AppServerReport.LeftOut(new AppServerFault(kind, what)));

    private async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken) =>
        await _web.Socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken).ConfigureAwait(false);

    private static AppServerFault Down(string message) => new(AppServerFaultKind.ServerDown, message);

    private static string TooMuch(string method, int bytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{method} was not sent to codex app-server: it has {bytes} bytes, and codex takes at most {ConnectionSettings.MaxSentBytes}."
        );

    private static Exception Deepest(Exception e) => e.InnerException is { } inner ? Deepest(inner) : e;

    private static bool IsEndOfConnection(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
