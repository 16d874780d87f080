using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport;

namespace Plexum.Codex.Host.Faults;

/// <summary>
/// <c>plexum-codex serve</c> as a process that can be started, killed and started again, with FakeCodex as codex. Its socket lies
/// beside the profile, so that it can be reached where the profile is mounted for it alone.
/// </summary>
internal sealed partial class FaultDaemon : IAsyncDisposable
{
    public const int Terminate = 15;

    private readonly StringBuilder _errors = new();
    private readonly HttpClient _http;
    private Process? _process;

    public FaultDaemon(params string[] script)
    {
        Codex = new FakeCodexStage(script);
        Directory.CreateDirectory(Profile);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), ownsSocket: true), MaxConnectionsPerServer = 4096 })
        {
            BaseAddress = new Uri("http://plexum"),
            Timeout = Limits.Wait,
        };
    }

    public FakeCodexStage Codex { get; }

    public string Profile => Codex.File("profile");

    public HttpClient Http => _http;

    public int Pid => _process!.Id;

    /// <summary>What it has said on standard error since its last start.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>The calls of codex that ran turns.</summary>
    public IReadOnlyList<FakeCodexCall> Turns => [.. Codex.Calls.Where(call => call.Argv is ["exec", ..])];

    /// <summary>A file of the profile as the daemon sees it.</summary>
    public string Seen(string name) => $"/proc/{Pid}/root{Path.Combine(Profile, name)}";

    /// <summary>Starts it and waits until it takes turns.</summary>
    /// <param name="before">Lines of the shell's that are run in a namespace of its own before it; null for neither.</param>
    /// <param name="settings">Settings, as <c>--set</c> takes them.</param>
    public async Task StartAsync(string? before = null, params string[] settings)
    {
        Launch(before, settings);
        await Limits.UntilAsync(
            async () =>
            {
                Assert.False(_process!.HasExited, $"The daemon has ended: {Errors}");
                return await IsReadyAsync();
            },
            () => Errors);
    }

    /// <summary>Starts it and waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> FailAsync(string? before = null, params string[] settings)
    {
        Launch(before, settings);
        return (await EndsAsync(), Errors);
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(Pid, signal));

    public async Task<int> EndsAsync()
    {
        await _process!.WaitForExitAsync().WithinLimit();
        return _process.ExitCode;
    }

    public async Task StopAsync()
    {
        Signal(Terminate);
        Assert.Equal(0, await EndsAsync());
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await EndsAsync();
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> TrySubmitAsync(string text, string agent = "alice", string? key = null, string? workspace = null) => PostAsync(
        $"/v1/agents/{agent}/turns",
        new JsonObject
        {
            ["workspace"] = workspace,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
            ["idempotency_key"] = key,
        });

    /// <summary>Hands in a turn, which must be accepted.</summary>
    public async Task<string> SubmitAsync(string text, string agent = "alice", string? key = null)
    {
        var answer = await TrySubmitAsync(text, agent, key);
        Assert.True(answer.Status == 202, answer.ToString());
        return (string)answer.Json["turn_id"]!;
    }

    /// <summary>Reads a turn's events to the end of the stream.</summary>
    public async Task<List<SseEvent>> EventsAsync(string turn)
    {
        using var response = await _http.GetAsync($"/v1/turns/{turn}/events", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync()).WithinLimit();
    }

    /// <summary>Waits until what is asked for is so.</summary>
    public async Task UntilAsync(string path, Func<JsonObject, bool> isSo)
    {
        Answer? answer = null;
        await Limits.UntilAsync(async () => (answer = await GetAsync(path)).Status == 200 && isSo(answer.Json), () => $"{path} stayed {answer}");
    }

    /// <summary>Waits until a turn is over.</summary>
    public Task EndedAsync(string turn) => UntilAsync($"/v1/turns/{turn}", json => (string)json["state"]! == "ended");

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Codex.File("d.sock")), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        foreach (var call in Codex.Calls.Where(call => ProcessIdentity.Read(call.Pid) is not null))
        {
            _ = SendSignal(call.Pid, 9);
        }

        Codex.Dispose();
    }

    // exec keeps the number of the process through the shells.
    private void Launch(string? before, string[] settings)
    {
        _process?.Dispose();
        lock (_errors)
        {
            _errors.Clear();
        }

        string[] arguments = [PlexumCodexProcess.Path, "serve", "--set", $"api.socket={Codex.File("d.sock")}", .. settings.SelectMany(setting => new[] { "--set", setting })];
        var start = before is null
            ? new ProcessStartInfo(arguments[0], arguments[1..])
            : new ProcessStartInfo("unshare", [.. Namespaces.Arguments, "/bin/sh", "-e", "-c", before + "\nexec \"$0\" \"$@\"", .. arguments]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["PLEXUM_PROFILE_ROOT"] = Profile;
        start.Environment["PLEXUM_CODEX_BINARY"] = FakeCodexStage.Binary;
        foreach (var (name, value) in Codex.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await GetAsync("/readyz")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
