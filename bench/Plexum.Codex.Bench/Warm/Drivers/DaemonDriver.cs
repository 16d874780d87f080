using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>
/// The daemon with one of its backends, over HTTP on its socket: the turn is submitted, then its events are read to the end.
/// </summary>
/// <param name="stage">Where it works.</param>
/// <param name="backend">The backend.</param>
/// <param name="settings">Settings, as <c>--set</c> takes them.</param>
internal sealed class DaemonDriver(WarmStage stage, string backend, params IReadOnlyList<string> settings) : IDriver
{
    private readonly ConcurrentDictionary<string, string> _turns = new();
    private DaemonProcess? _daemon;

    public string Title => $"this program, `{backend}`";

    public bool IsWarm => backend == "app-server";

    public IEnumerable<int> Roots => [Daemon.Id, .. Servers];

    /// <summary>The daemon.</summary>
    public DaemonProcess Daemon => _daemon ?? throw new InvalidOperationException("It was not started.");

    /// <summary>The processes of codex's app-server.</summary>
    public IReadOnlyList<int> Servers
    {
        get
        {
            var places = Path.Combine(Daemon.Profile, "app-server");
            return Directory.Exists(places)
                ?
                [
                    .. Directory
                        .EnumerateFiles(places, "server.json", SearchOption.AllDirectories)
                        .Select(file => (int)JsonNode.Parse(File.ReadAllText(file))!["pid"]!)
                        .Where(pid => pid > 0),
                ]
                : [];
        }
    }

    private string Name => $"daemon-{backend}";

    public Task StartAsync()
    {
        var profile = Path.Combine(stage.PlaceOf(Name), "profile");
        var daemon = new DaemonProcess(profile, () =>
            new Dictionary<string, string?>(stage.VariablesOf(Name))
            {
                ["PLEXUM_PROFILE_ROOT"] = profile,
                ["PLEXUM_CODEX_BINARY"] = stage.Options.Codex,
            }
        )
        {
            Program = stage.Options.Program,
            Settings = [$"codex.backend={backend}", .. settings],
        };
        daemon.Launch();
        _daemon = daemon;
        return daemon.ReadyAsync();
    }

    public async Task<TurnTimes> RunAsync(string agent, string text)
    {
        var clock = new TurnClock();
        var turn = await Daemon.Api.SubmitAsync(text, agent);
        _turns[agent] = turn;
        var (times, reason) = (default(TurnTimes), "");
        await foreach (var value in Daemon.Api.FollowAsync(turn))
        {
            switch (value.Type)
            {
                case "text_delta":
                    clock.NoteText();
                    break;
                case "message_end":
                    times = clock.Stop();
                    reason = (string?)value.Json["stop_reason"] ?? "";
                    break;
                case "error":
                    throw new BenchException(value.Data);
            }
        }

        return reason is "end_turn" or "cancelled" ? times : throw new BenchException($"The turn ended with '{reason}'.");
    }

    public Task CancelAsync(string agent) => Daemon.Api.CancelAsync(_turns[agent]);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            // Told to stop, it ends its app-server too.
            await _daemon.StopAsync();
            await _daemon.DisposeAsync();
        }
    }
}
