using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>A bare client of <c>codex app-server</c>: what a warm turn costs at least.</summary>
/// <param name="stage">Where it works.</param>
internal sealed class ServerDriver(WarmStage stage) : IDriver
{
    private const string Name = "server";
    private const string Socket = "codex.sock";
    private readonly ConcurrentDictionary<string, string> _threads = new();
    private readonly ConcurrentDictionary<string, string> _turns = new();
    private Process? _process;
    private ServerSocket? _server;

    public string Title => "a bare client of `codex app-server`";

    public bool IsWarm => true;

    public IEnumerable<int> Roots => [_process!.Id];

    private ServerSocket Server => _server ?? throw new InvalidOperationException("It was not started.");

    public async Task StartAsync()
    {
        var place = stage.PlaceOf(Name);
        var socket = Path.Combine(place, Socket);
        File.Delete(socket);
        _process = stage.Start(Name, stage.Options.Codex, ["app-server", "--listen", $"unix://{Socket}"], place, withErrors: false);
        _ = _process.StandardError.ReadToEndAsync();
        await Limits.UntilAsync(() => File.Exists(socket));
        _server = await ServerSocket.OpenAsync(socket);
    }

    public async Task<TurnTimes> RunAsync(string agent, string text)
    {
        var clock = new TurnClock();
        if (!_threads.TryGetValue(agent, out var thread))
        {
            var started = await Server.AskAsync(
                "thread/start",
                new JsonObject
                {
                    ["cwd"] = stage.WorkspaceOf(Name, agent),
                    ["approvalPolicy"] = "never",
                    ["sandbox"] = "danger-full-access",
                }
            );
            thread = _threads[agent] = started.GetProperty("thread").GetProperty("id").GetString()!;
        }

        var said = Server.Of(thread);
        var turn = await Server.AskAsync(
            "turn/start",
            new JsonObject
            {
                ["threadId"] = thread,
                ["input"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "text",
                        ["text"] = text,
                        ["text_elements"] = new JsonArray(),
                    }
                ),
            }
        );
        _turns[agent] = turn.GetProperty("turn").GetProperty("id").GetString()!;
        await foreach (var message in said.ReadAllAsync())
        {
            switch (message.GetProperty("method").GetString())
            {
                case "item/agentMessage/delta":
                    clock.NoteText();
                    break;
                case "turn/completed":
                    return message.GetProperty("params").GetProperty("turn").GetProperty("status").GetString() != "failed"
                        ? clock.Stop()
                        : throw new BenchException(message.GetRawText());
            }
        }

        throw new BenchException("The server is gone.");
    }

    public Task CancelAsync(string agent) =>
        Server.AskAsync("turn/interrupt", new JsonObject { ["threadId"] = _threads[agent], ["turnId"] = _turns[agent] });

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
