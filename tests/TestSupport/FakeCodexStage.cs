using Plexum.Codex.Posix;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// A folder of its own for tests with FakeCodex: workspace, CODEX_HOME and script. tests/FakeCodex/README.md describes the scripts.
/// </summary>
public sealed class FakeCodexStage : IDisposable
{
    /// <param name="script">The script; none at all lets FakeCodex echo the prompt.</param>
    public FakeCodexStage(params string[] script)
    {
        Folder = Directory.CreateTempSubdirectory("fake-codex-").FullName;
        Workspace = Directory.CreateDirectory(Path.Combine(Folder, "workspace")).FullName;
        CodexHome = Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;

        // It is logged in, as far as its files tell.
        AtomicFile.Write(Path.Combine(CodexHome, "auth.json"), """{"OPENAI_API_KEY": "of-the-tests"}"""u8);
        Script(script);
    }

    /// <summary>The executable.</summary>
    public static string Binary { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "FakeCodex.exe" : "FakeCodex");

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>A directory to run codex in.</summary>
    public string Workspace { get; }

    /// <summary>What codex has as CODEX_HOME.</summary>
    public string CodexHome { get; }

    /// <summary>The file of the script.</summary>
    public string ScriptPath => Path.Combine(Folder, "script");

    /// <summary>What FakeCodex must be given besides the environment of the tests. An empty script means none.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["FAKE_CODEX_SCRIPT"] = new FileInfo(ScriptPath).Length == 0 ? "" : ScriptPath,
            ["CODEX_HOME"] = CodexHome,
        };

    /// <summary>The invocations so far, oldest first.</summary>
    public IReadOnlyList<FakeCodexCall> Calls => FakeCodexCall.Of(ScriptPath);

    /// <summary>The invocations that ran turns, oldest first.</summary>
    public IReadOnlyList<FakeCodexCall> Turns => [.. Calls.Where(call => call.IsTurn)];

    /// <summary>The pids of the app-servers so far, oldest first.</summary>
    public IReadOnlyList<int> Servers => FakeCodexCall.ServersOf(ScriptPath);

    /// <summary>Replaces the script.</summary>
    public void Script(params string[] lines)
    {
        // An app-server may be reading it.
        var next = ScriptPath + ".next";
        System.IO.File.WriteAllLines(next, lines);
        System.IO.File.Move(next, ScriptPath, overwrite: true);
    }

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

    /// <summary>Kills what still runs of FakeCodex and removes the folder.</summary>
    public void Dispose()
    {
        FakeCodexCall.KillAll(ScriptPath);
        Limits.UntilAsync(TryRemove).GetAwaiter().GetResult();
    }

    // An actor that was stopped may still have file work under way.
    private bool TryRemove()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            return !Directory.Exists(Folder);
        }

        return true;
    }
}
