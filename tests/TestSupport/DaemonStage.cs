using System.Collections.Immutable;
using System.Net;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Processes;

namespace Plexum.Codex.TestSupport;

/// <summary>A daemon in the process of the tests, on a real socket, with FakeCodex as codex.</summary>
internal sealed class DaemonStage : IAsyncDisposable
{
    private readonly List<DaemonApi> _apis = [];
    private DaemonHost? _host;
    private bool _isStopped;

    public DaemonStage(params string[] script)
    {
        Codex = new FakeCodexStage(script);
        Profile = new Profile(Codex.File("profile"));
        Profile.Prepare();
        string[] assignments = [$"codex.binary={FakeCodexStage.Binary}", ProgramProcess.NoWaitingNotice, ProgramProcess.WithExec];
        Settings = ProgramSettings.Load(Profile, assignments, new System.Collections.Hashtable());
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
    public ProgramSettings Settings { get; set; }

    public DaemonHost Host => _host ?? throw new InvalidOperationException("The daemon is not started.");

    /// <summary>Asks the daemon that runs now.</summary>
    public DaemonApi Api => !_isStopped && _apis.Count > 0 && _apis[^1].SocketPath == Settings.Api.Socket ? _apis[^1] : NewApi();

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

        // The connections are the old daemon's.
        _isStopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        _apis.ForEach(api => api.Dispose());
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Codex.Dispose();
    }

    private DaemonApi NewApi()
    {
        var api = new DaemonApi(Settings.Api.Socket);
        _apis.Add(api);
        _isStopped = false;
        return api;
    }
}
