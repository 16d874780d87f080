using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Plexum.Codex.Chaos;

/// <summary>A daemon that is killed and started again. It is a process of its own.</summary>
public sealed class ChaosDaemon : IAsyncDisposable
{
    private readonly string _profile;
    private readonly IChaosCodex _codex;
    private readonly IReadOnlyList<string> _settings;
    private Process? _process;
    private volatile TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="profile">The profile's directory.</param>
    /// <param name="codex">The codex that it runs.</param>
    /// <param name="settings">Settings, as <c>--set</c> takes them.</param>
    public ChaosDaemon(string profile, IChaosCodex codex, IReadOnlyList<string> settings)
    {
        (_profile, _codex, _settings) = (profile, codex, settings);
        Client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, MaxConnectionsPerServer = int.MaxValue })
        {
            BaseAddress = new Uri("http://plexum-codex"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Asks the daemon, whichever process it is at the moment.</summary>
    public HttpClient Client { get; }

    /// <summary>The program.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "plexum-codex");

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Completes when there is a daemon to ask.</summary>
    public Task UpAsync(CancellationToken cancellationToken) => _up.Task.WaitAsync(cancellationToken);

    /// <summary>Starts it and waits until it takes turns.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, ["serve", .. _settings.SelectMany(setting => new[] { "--set", setting })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PLEXUM_PROFILE_ROOT"] = _profile;
        start.Environment["PLEXUM_CODEX_BINARY"] = _codex.Binary;
        foreach (var (name, value) in _codex.Variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} could not be started.");
        var errors = _process.StandardError.ReadToEndAsync(cancellationToken);
        _ = _process.StandardOutput.ReadToEndAsync(cancellationToken);
        Starts++;
        await AwaitReadyAsync(_process, errors, cancellationToken);
        _up.TrySetResult();
    }

    /// <summary>Kills it in mid-air and starts it again.</summary>
    public async Task KillAndStartAsync(CancellationToken cancellationToken)
    {
        _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        await StartAsync(cancellationToken);
    }

    /// <summary>Kills it for good.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        Client.Dispose();
    }

    private async Task AwaitReadyAsync(Process process, Task<string> errors, CancellationToken cancellationToken)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await IsReadyAsync(cancellationToken))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The daemon ended with {process.ExitCode}: {await errors}");
            }

            await looks.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_profile, "plexum-codex.sock")), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
