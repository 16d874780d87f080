using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>
/// codex's own server for editors: JSON-RPC, a line each on its standard input and output. It reads threads in its own way.
/// </summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    private readonly Process _process;
    private int _requests;

    private LoadedServer(Process process) => _process = process;

    public static async Task<LoadedServer> StartAsync(CodexRig rig)
    {
        var start = new ProcessStartInfo(rig.Binary, ["app-server"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = rig.Workspace(),
        };
        foreach (var (name, value) in rig.Variables())
        {
            start.Environment[name] = value;
        }

        var server = new LoadedServer(Process.Start(start)!);
        server._process.BeginErrorReadLine();
        await server.AskAsync(
            "initialize",
            new JsonObject
            {
                ["clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" },
                ["capabilities"] = new JsonObject { ["experimentalApi"] = true },
            }
        );
        await server.SendAsync(new JsonObject { ["method"] = "initialized" });
        return server;
    }

    /// <summary>Asks, and fails the test when the answer is an error.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonObject parameters)
    {
        var id = ++_requests;
        await SendAsync(
            new JsonObject
            {
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters,
            }
        );
        while (await _process.StandardOutput.ReadLineAsync().WithinLimit() is { } line)
        {
            var message = JsonDocument.Parse(line).RootElement;
            if (message.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id)
            {
                return message.TryGetProperty("result", out var result)
                    ? result
                    : throw new InvalidOperationException($"{method} failed: {line}");
            }
        }

        throw new InvalidOperationException($"codex's server ended before it answered {method}.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WithinLimit();
        _process.Dispose();
    }

    private async Task SendAsync(JsonObject message)
    {
        await _process.StandardInput.WriteLineAsync(message.ToJsonString());
        await _process.StandardInput.FlushAsync();
    }
}
