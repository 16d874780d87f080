using System.Text.Json;

namespace Plexum.Codex.TestSupport;

/// <summary>A recorded invocation of FakeCodex.</summary>
public sealed record FakeCodexCall(
    int Number, int Pid, string[] Argv, string Cwd, string[] Env, string Path, string CodexHome, string Prompt);

/// <summary>
/// A folder of its own for tests with FakeCodex: workspace, CODEX_HOME and script. A test project takes this file in as
/// a linked one and references FakeCodex, which puts the executable beside the tests. tests/FakeCodex/README.md
/// describes the scripts.
/// </summary>
public sealed class FakeCodexStage : IDisposable
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public FakeCodexStage(params string[] script)
    {
        Folder = Directory.CreateTempSubdirectory("fake-codex-").FullName;
        Workspace = Directory.CreateDirectory(Path.Combine(Folder, "workspace")).FullName;
        CodexHome = Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;
        Script(script);
    }

    /// <summary>The executable.</summary>
    public static string Binary { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "FakeCodex.exe" : "FakeCodex");

    public string Folder { get; }

    public string Workspace { get; }

    public string CodexHome { get; }

    public string ScriptPath => Path.Combine(Folder, "script");

    /// <summary>What FakeCodex must be given besides the environment of the tests. An empty script means none.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["FAKE_CODEX_SCRIPT"] = new FileInfo(ScriptPath).Length == 0 ? "" : ScriptPath,
        ["CODEX_HOME"] = CodexHome,
    };

    /// <summary>The invocations so far, oldest first.</summary>
    public IReadOnlyList<FakeCodexCall> Calls =>
        System.IO.File.Exists($"{ScriptPath}.calls")
            ? System.IO.File.ReadAllLines($"{ScriptPath}.calls").Select(line => JsonSerializer.Deserialize<FakeCodexCall>(line, Names)!).ToList()
            : [];

    /// <summary>Replaces the script.</summary>
    public void Script(params string[] lines) => System.IO.File.WriteAllLines(ScriptPath, lines);

    /// <summary>The full path of a file in the stage's folder; scripts can name it.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Creates a file that a script waits for.</summary>
    public void Touch(string name) => System.IO.File.Create(File(name)).Dispose();

    /// <summary>Completes when a file is there that a script makes.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task AppearsAsync(string name)
    {
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Folder, name);
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.Renamed += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (!System.IO.File.Exists(File(name)))
        {
            await appeared.Task.WithinLimit();
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
