using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.TestSupport;

/// <summary>The HTTP interface of a daemon, over its socket. It reaches whichever daemon listens there at the moment.</summary>
public sealed class DaemonApi : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="socket">The path of the daemon's socket.</param>
    public DaemonApi(string socket)
    {
        SocketPath = socket;
        _http = new HttpClient(
            new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), ownsSocket: true) }
        )
        {
            BaseAddress = new Uri("http://plexum"),
            Timeout = Limits.Wait,
        };
    }

    /// <summary>The path of the daemon's socket.</summary>
    public string SocketPath { get; }

    /// <summary>A connection for bytes of the caller's own.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request as it is written and reads the answer to its end, or what comes until the connection is closed.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        using var stream = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        return await stream.ReadToEndAsync().WithinLimit();
    }

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="body">The body, which is called JSON; null for none.</param>
    /// <param name="change">What is to be changed in the request before it is sent.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        Action<HttpRequestMessage>? change = null,
        CancellationToken cancellationToken = default
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request, cancellationToken);
        return await ApiAnswer.OfAsync(response, cancellationToken);
    }

    /// <summary>Asks.</summary>
    public Task<ApiAnswer> GetAsync(
        string path,
        Action<HttpRequestMessage>? change = null,
        CancellationToken cancellationToken = default
    ) => SendAsync(HttpMethod.Get, path, null, change, cancellationToken);

    /// <summary>Asks for a document that must be there.</summary>
    public async Task<JsonObject> JsonAsync(string path, CancellationToken cancellationToken = default) =>
        (await GetAsync(path, null, cancellationToken)).Must(200).Json;

    /// <summary>Sends a body as it is written.</summary>
    public Task<ApiAnswer> PostAsync(string path, string? body = null, Action<HttpRequestMessage>? change = null) =>
        SendAsync(HttpMethod.Post, path, body, change);

    /// <summary>Sends a document.</summary>
    public Task<ApiAnswer> PostAsync(string path, JsonObject body) => PostAsync(path, body.ToJsonString());

    /// <summary>Begins to read a stream of events, which must be there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="after">The number of the last event that is known; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<HttpResponseMessage> OpenAsync(string path, long? after = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (after is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using (response)
            {
                var answer = await ApiAnswer.OfAsync(response, cancellationToken);
                throw new HttpRequestException($"{path} gave no events: {answer}", null, response.StatusCode);
            }
        }

        Assert.Equal(new MediaTypeHeaderValue("text/event-stream"), response.Content.Headers.ContentType);
        return response;
    }

    /// <summary>Submits a turn.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="key">The idempotency key; null for none.</param>
    /// <param name="change">What the body has besides.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public Task<ApiAnswer> TrySubmitAsync(
        string text,
        string agent = "alice",
        string? key = null,
        Action<JsonObject>? change = null,
        CancellationToken cancellationToken = default
    )
    {
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
        if (key is not null)
        {
            body["idempotency_key"] = key;
        }

        change?.Invoke(body);
        return SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/turns", body.ToJsonString(), null, cancellationToken);
    }

    /// <summary>Submits a turn, which must be accepted, and returns its id.</summary>
    /// <inheritdoc cref="TrySubmitAsync"/>
    public async Task<string> SubmitAsync(string text, string agent = "alice", string? key = null, Action<JsonObject>? change = null) =>
        (string)(await TrySubmitAsync(text, agent, key, change)).Must(202).Json["turn_id"]!;

    /// <summary>A turn with one tool of its host's, <c>get</c>, as a change of what is submitted.</summary>
    public static void WithTool(JsonObject body) =>
        body["tools"] = new JsonArray(JsonNode.Parse("""{"name":"get","description":"Gets.","inputSchema":{"type":"object"}}"""));

    /// <summary>Follows a turn's events to the end of the stream.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="after">The number of the last event that is known; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async IAsyncEnumerable<SseEvent> FollowAsync(
        string turn,
        long? after = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var response = await OpenAsync($"/v1/turns/{turn}/events", after, cancellationToken);
        await foreach (var value in SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken))
        {
            yield return value;
        }
    }

    /// <summary>Reads a turn's events to the end of the stream.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    public async Task<List<SseEvent>> EventsAsync(string turn, long? after = null)
    {
        using var response = await OpenAsync($"/v1/turns/{turn}/events", after);
        return await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync()).WithinLimit();
    }

    /// <summary>Reads a turn's events up to the first one of a type.</summary>
    public async Task<List<SseEvent>> EventsToAsync(string turn, string type)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        var events = new List<SseEvent>();
        await foreach (var value in FollowAsync(turn, null, limit.Token))
        {
            events.Add(value);
            if (value.Type == type)
            {
                return events;
            }
        }

        throw new InvalidOperationException($"The turn {turn} ended without {type}: {string.Join('\n', events)}");
    }

    /// <summary>What the daemon says of a turn.</summary>
    public Task<JsonObject> TurnAsync(string turn) => JsonAsync($"/v1/turns/{turn}");

    /// <summary>Waits until a turn is over, and returns what the daemon says of it.</summary>
    public Task<JsonObject> EndedAsync(string turn) => UntilAsync($"/v1/turns/{turn}", json => (string)json["state"]! == "ended");

    /// <summary>What the daemon says of an agent.</summary>
    public Task<JsonObject> AgentAsync(string agent = "alice") => JsonAsync($"/v1/agents/{agent}");

    /// <summary>What the daemon says of itself.</summary>
    public Task<JsonObject> StatusAsync() => JsonAsync("/v1/status");

    /// <summary>Cancels a turn and returns the outcome.</summary>
    public async Task<string> CancelAsync(string turn, bool force = false) =>
        (string)(await PostAsync($"/v1/turns/{turn}/cancel", new JsonObject { ["force"] = force })).Must(200).Json["outcome"]!;

    /// <summary>Asks for an agent's tool calls to be consumed, lightly.</summary>
    public Task<ApiAnswer> ConsumeAsync(string agent, params IEnumerable<string> calls)
    {
        var mutations = calls.Select(call => new JsonObject { ["block_id"] = call, ["op"] = "consume-light" });
        return PostAsync($"/v1/agents/{agent}/consume", new JsonObject { ["mutations"] = new JsonArray([.. mutations]) });
    }

    /// <summary>Answers a call of a host's tool.</summary>
    public Task<ApiAnswer> AnswerAsync(string turn, string call, string body) => PostAsync($"/v1/turns/{turn}/tool-calls/{call}", body);

    /// <summary>Waits until what the daemon says is as wanted, and returns it.</summary>
    public async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> isSo)
    {
        ApiAnswer? answer = null;
        await Limits.UntilAsync(
            async () => (answer = await GetAsync(path)).Status == 200 && isSo(answer.Json),
            () => $"{path} stayed {answer}"
        );
        return answer!.Json;
    }

    /// <summary>Whether there is a daemon that takes turns.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return (await GetAsync("/readyz", null, cancellationToken)).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _http.Dispose();
}
