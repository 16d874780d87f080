namespace Plexum.Codex.Chaos;

/// <summary>FakeCodex: it records each of its runs, and holds codex's own lock of the thread while it runs.</summary>
public sealed class ScriptedCodex : IChaosCodex
{
    private readonly string _script;
    private readonly Lazy<Dictionary<string, int>> _runs;

    /// <param name="place">An empty directory.</param>
    /// <param name="pause">How long a turn takes, in milliseconds.</param>
    public ScriptedCodex(string place, int pause)
    {
        _script = Path.Combine(place, "script");
        var home = Directory.CreateDirectory(Path.Combine(place, "codex-home")).FullName;
        File.WriteAllText(Path.Combine(home, "auth.json"), """{"OPENAI_API_KEY": "of-the-tests"}""");
        File.WriteAllLines(
            _script,
            ["thread", "lock", "turn", "say ${prompt}", $"pause {pause}", "say ${prompt} and more", $"pause {pause}", "completed 10 10"]
        );
        Variables = new Dictionary<string, string> { ["FAKE_CODEX_SCRIPT"] = _script, ["CODEX_HOME"] = home };
        _runs = new Lazy<Dictionary<string, int>>(ReadRuns);
    }

    /// <inheritdoc/>
    public string Binary => FakeCodexStage.Binary;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <inheritdoc/>
    public int EventsOfTurn => 4;

    /// <inheritdoc/>
    public string PromptOf(string name) => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> AnswerOf(string name) => [name, $"{name} and more"];

    /// <inheritdoc/>
    public int RunsOf(string name) => _runs.Value.GetValueOrDefault(name);

    private Dictionary<string, int> ReadRuns() => FakeCodexCall.Of(_script).CountBy(call => call.Prompt).ToDictionary();
}
