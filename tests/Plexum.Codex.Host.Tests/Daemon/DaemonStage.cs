using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport;

namespace Plexum.Codex.Host.Daemon;

/// <summary>A daemon in the process of the tests, on a real socket, with FakeCodex as codex.</summary>
internal sealed class DaemonStage : IAsyncDisposable
{
    private readonly List<IDisposable> _clients = [];
    private DaemonHost? _host;
    private HttpClient? _http;

    public DaemonStage(params string[] script)
    {
        Codex = new FakeCodexStage(script);
        Profile = new Profile(Codex.File("profile"));
        Profile.Prepare();
        Settings = HostSettings.Load(Profile, [$"codex.binary={FakeCodexStage.Binary}"], new System.Collections.Hashtable());
        Settings = Settings with
        {
            Rollouts = Settings.Rollouts with { CodexHome = Codex.CodexHome },
            Exec = Settings.Exec with
            {
                CodexHome = Codex.CodexHome,
                Environment = new ProcessEnvironment { Added = Codex.Environment.ToImmutableDictionary() },
            },
        };
    }

    public FakeCodexStage Codex { get; }

    public Profile Profile { get; }

    /// <summary>To be changed before the start.</summary>
    public HostSettings Settings { get; set; }

    public DaemonHost Host => _host ?? throw new InvalidOperationException("The daemon is not started.");

    public HttpClient Http => _http ??= Client();

    public string Socket => Settings.Api.Socket;

    public static async Task<DaemonStage> StartAsync(params string[] script)
    {
        var stage = new DaemonStage(script);
        await stage.StartHostAsync();
        return stage;
    }

    public async Task StartHostAsync(IPEndPoint? listen = null)
    {
        _host = await DaemonHost.StartAsync(Settings, listen);
        await _host.Context.Actors.Dispatched.WithinLimit();
    }

    public async Task StopHostAsync()
    {
        await Host.DisposeAsync();
        _host = null;

        // Its connections are the old daemon's.
        _http = null;
    }

    /// <summary>A client of its own over the unix socket.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), ownsSocket: true), MaxConnectionsPerServer = 4096 })
        {
            BaseAddress = new Uri("http://plexum"),
            Timeout = Limits.Wait,
        };
        _clients.Add(client);
        return client;
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
        return socket;
    }

    /// <summary>Sends a request as it is written and reads the answer to its end, or what comes until the connection is closed.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        using var stream = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        return await stream.ReadToEndAsync().WithinLimit();
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        change?.Invoke(request);
        using var response = await Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path, Action<HttpRequestMessage>? change = null) => SendAsync(HttpMethod.Get, path, null, change);

    public Task<Answer> PostAsync(string path, string? body = null, Action<HttpRequestMessage>? change = null) =>
        SendAsync(HttpMethod.Post, path, body, change);

    /// <summary>Hands in a turn and returns its id.</summary>
    public async Task<string> SubmitAsync(string text, string agent = "alice")
    {
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
        var answer = await PostAsync($"/v1/agents/{agent}/turns", body.ToJsonString());
        Assert.True(answer.Status == 202, answer.ToString());
        return (string)answer.Json["turn_id"]!;
    }

    /// <summary>Reads a turn's events to the end of the stream.</summary>
    public async Task<List<SseEvent>> EventsAsync(string turn, long? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/turns/{turn}/events");
        if (after is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync()).WithinLimit();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        foreach (var call in Codex.Calls)
        {
            ProcessIdentity? codex = ProcessIdentity.Read(call.Pid);
            if (codex is not null)
            {
                System.Diagnostics.Process.GetProcessById(call.Pid).Kill();
            }
        }

        Codex.Dispose();
    }
}
