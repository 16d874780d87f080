using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Plexum.Codex.Bench.Warm.Stage;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary><c>codex exec</c> alone, a process for each turn.</summary>
/// <param name="stage">Where it works.</param>
internal sealed class ExecDriver(WarmStage stage) : IDriver
{
    private const string Name = "exec";
    private readonly ConcurrentDictionary<string, string> _threads = new();
    private readonly ConcurrentDictionary<string, int> _processes = new();

    public string Title => "`codex exec` alone";

    public bool IsWarm => false;

    public IEnumerable<int> Roots => _processes.Values;

    public Task StartAsync() => Task.CompletedTask;

    public async Task<TurnTimes> RunAsync(string agent, string text)
    {
        string[] resumed = _threads.TryGetValue(agent, out var thread) ? ["resume", thread] : [];
        string[] arguments = ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--json", .. resumed, "-"];
        var workspace = stage.WorkspaceOf(Name, agent);
        var clock = new TurnClock();
        using var codex = stage.Start(Name, stage.Options.Codex, arguments, workspace, withErrors: false);
        _processes[agent] = codex.Id;
        var errors = codex.StandardError.ReadToEndAsync();
        await codex.StandardInput.WriteAsync(text);
        codex.StandardInput.Close();
        var isComplete = false;
        while (await codex.StandardOutput.ReadLineAsync() is { } line)
        {
            if (thread is null)
            {
                thread = _threads[agent] = (string)JsonNode.Parse(line)!["thread_id"]!;
            }

            if (line.Contains("agent_message", StringComparison.Ordinal) && line.Contains(PacedModel.Mark, StringComparison.Ordinal))
            {
                clock.NoteText();
            }

            isComplete |= line.Contains("turn.completed", StringComparison.Ordinal);
        }

        await codex.WaitForExitAsync();
        var times = clock.Stop();
        return _processes.TryRemove(agent, out _) && !isComplete ? throw new BenchException(await errors) : times;
    }

    public Task CancelAsync(string agent)
    {
        // As Ctrl-C: codex's graceful way.
        _processes.TryRemove(agent, out var process);
        ProcessProbe.Signal(process, ProcessSignal.Interrupt);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
