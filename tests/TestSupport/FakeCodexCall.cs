using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.TestSupport;

/// <summary>A recorded invocation of FakeCodex.</summary>
/// <param name="Number">Which invocation with this script it was, from 1.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Argv">Its arguments.</param>
/// <param name="Cwd">Its directory.</param>
/// <param name="Env">The names of the variables in its environment.</param>
/// <param name="Path">The value of PATH.</param>
/// <param name="CodexHome">Its CODEX_HOME.</param>
/// <param name="Prompt">What it read from standard input.</param>
public sealed record FakeCodexCall(
    int Number,
    int Pid,
    string[] Argv,
    string Cwd,
    string[] Env,
    string Path,
    string CodexHome,
    string Prompt
)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether it ran a turn, rather than answering a question about codex itself.</summary>
    public bool IsTurn => Argv is ["exec" or "turn/start", ..];

    /// <summary>The thread that it was to continue; null for a new one.</summary>
    public string? Resumed =>
        Argv switch
        {
            ["exec", "resume", var thread, ..] => thread,
            ["turn/start" or "thread/resume", var thread] => thread,
            _ => null,
        };

    /// <summary>Whether something of it can still do work.</summary>
    /// <param name="script">Its script's file.</param>
    public bool IsRunning(string script) =>
        ProcessProbe.IsRunning(Pid) && (Argv is not ["turn/start", ..] || !NumbersIn($"{script}.ends").Contains(Number));

    /// <summary>The pids of the app-servers that were started with a script so far, oldest first.</summary>
    /// <param name="script">The script's file.</param>
    public static IReadOnlyList<int> ServersOf(string script) => NumbersIn($"{script}.servers");

    private static int[] NumbersIn(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
        if (file is null)
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
        return [.. reader.ReadToEnd().Split('\n')[..^1].Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>The invocations with a script so far, oldest first.</summary>
    /// <param name="script">The script's file.</param>
    public static IReadOnlyList<FakeCodexCall> Of(string script)
    {
        // Not with .NET's lock, because an invocation may be writing itself down; what comes after the last end of a line waits.
        using var file = RegularFile.TryOpenRead($"{script}.calls", followLinks: false, out _);
        if (file is null)
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
        var lines = reader.ReadToEnd().Split('\n')[..^1];
        return [.. lines.Select(line => JsonSerializer.Deserialize<FakeCodexCall>(line, Names)!)];
    }

    /// <summary>Kills what still runs of the invocations with a script.</summary>
    /// <param name="script">The script's file.</param>
    public static void KillAll(string script)
    {
        // The number of a call that has ended may be another process's by now.
        var pids = Of(script).Select(call => call.Pid).Concat(ServersOf(script));
        foreach (var pid in pids.Where(pid => ProcessProbe.CommandLineOf(pid).Contains("FakeCodex", StringComparison.Ordinal)))
        {
            ProcessProbe.Signal(pid, ProcessSignal.Kill);
        }
    }
}
