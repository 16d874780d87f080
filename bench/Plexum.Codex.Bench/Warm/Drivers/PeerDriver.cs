using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>Another program, driven by its script in <c>bench/peers</c>.</summary>
/// <param name="stage">Where it works.</param>
/// <param name="script">The script's name, without its ending.</param>
/// <param name="package">The package that it drives.</param>
/// <param name="isWarm">Whether a process of codex goes on from turn to turn.</param>
internal sealed class PeerDriver(WarmStage stage, string script, string package, bool isWarm) : IDriver
{
    private readonly ConcurrentDictionary<int, (TurnClock Clock, TaskCompletionSource<TurnTimes> End)> _running = new();
    private readonly ConcurrentDictionary<string, int> _turns = new();
    private readonly SemaphoreSlim _writing = new(1);
    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private int _last;

    public string Title => $"`{package}` {VersionOf(package)}";

    public bool IsWarm => isWarm;

    public IEnumerable<int> Roots => [Node.Id];

    /// <summary>Where the scripts and their packages are; null if the packages are not installed.</summary>
    public static string? Folder { get; } = FindFolder();

    private Process Node => _process ?? throw new InvalidOperationException("It was not started.");

    public async Task StartAsync()
    {
        var file = Path.Combine(Folder!, $"{script}.mjs");
        _process = stage.Start(script, "node", [file], Folder!);
        var ready = await _process.StandardOutput.ReadLineAsync().WithinLimit();
        if (ready is null)
        {
            throw new BenchException($"{file} did not start.");
        }

        _reading = ReadAllAsync();
    }

    public async Task<TurnTimes> RunAsync(string agent, string text)
    {
        var number = _turns[agent] = Interlocked.Increment(ref _last);
        var end = new TaskCompletionSource<TurnTimes>(TaskCreationOptions.RunContinuationsAsynchronously);
        var turn = new JsonObject
        {
            ["turn"] = number,
            ["agent"] = agent,
            ["cwd"] = stage.WorkspaceOf(script, agent),
            ["text"] = text,
            ["mark"] = PacedModel.Mark,
        };
        _running[number] = (new TurnClock(), end);
        await WriteAsync(turn);
        return await end.Task.WithinLimit();
    }

    public Task CancelAsync(string agent) => WriteAsync(new JsonObject { ["cancel"] = _turns[agent] });

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            var all = new ProcessTree(() => Roots).Processes();
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WithinLimit();
            await _reading;
            _process.Dispose();

            // What it started does not always end with it.
            foreach (var left in all.Where(ProcessProbe.IsRunning))
            {
                ProcessProbe.Signal(left, Processes.ProcessSignal.Kill);
            }
        }

        _writing.Dispose();
    }

    private async Task WriteAsync(JsonObject message)
    {
        await _writing.WaitAsync();
        try
        {
            await Node.StandardInput.WriteLineAsync(message.ToJsonString());
            await Node.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAllAsync()
    {
        while (await Node.StandardOutput.ReadLineAsync() is { } line)
        {
            var message = JsonNode.Parse(line)!;
            var number = (int)message["turn"]!;
            var (clock, end) = _running[number];
            if (message["text"] is not null)
            {
                clock.NoteText();
            }
            else if ((string?)message["error"] is { } error)
            {
                end.TrySetException(new BenchException($"{package}: {error}"));
            }
            else
            {
                _running.TryRemove(number, out _);
                end.TrySetResult(clock.Stop());
            }
        }

        foreach (var (_, end) in _running.Values)
        {
            end.TrySetException(new BenchException($"{package} ended."));
        }
    }

    private static string VersionOf(string package) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder!, "node_modules", package, "package.json")))!["version"]!;

    private static string? FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var peers = Path.Combine(folder.FullName, "bench", "peers");
            if (Directory.Exists(peers))
            {
                return Directory.Exists(Path.Combine(peers, "node_modules")) ? peers : null;
            }
        }

        return null;
    }
}
