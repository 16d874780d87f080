namespace Plexum.Codex.Chaos.Rounds;

/// <summary>FakeCodex, which needs no model and takes a tenth of the time.</summary>
public sealed class FakeRoundsCodex : IRoundsCodex
{
    // What the daemon looks for before it keeps a thread.
    private const string Rollout = """rollout {"type":"event_msg","payload":{"type":"user_message","message":"x"}}""";

    private readonly string _script;

    /// <param name="place">A directory for its home.</param>
    public FakeRoundsCodex(string place)
    {
        _script = Path.Combine(place, "script");
        Home = Directory.CreateDirectory(Path.Combine(place, "codex-home")).FullName;
        File.WriteAllText(Path.Combine(Home, "auth.json"), """{"OPENAI_API_KEY": "of-the-tests"}""");
        var (here, go) = (TurnNames.HereFile("${prompt}"), TurnNames.GoFile("${prompt}"));
        var answer = TurnNames.AnswerOf("${prompt}");
        File.WriteAllLines(
            _script,
            [
                "thread",
                "lock",
                Rollout,
                "turn",
                $"[prompt .{KillMoment.Writing}]",
                $"touch {here}",
                $"part {go} {answer}",
                "completed 10 10",
                $"[prompt .{KillMoment.Command}]",
                "begin sleep 1000",
                $"touch {here}",
                $"wait {go}",
                $"say {answer}",
                "completed 10 10",
                $"[prompt .{KillMoment.Question}]",
                "approve true",
                $"say {answer}",
                "completed 10 10",
                "[else]",
                $"say {answer}",
                $"touch {here}",
                "pause 50",
                "completed 10 10",
            ]
        );
        Variables = new Dictionary<string, string> { ["FAKE_CODEX_SCRIPT"] = _script, ["CODEX_HOME"] = Home };
    }

    /// <inheritdoc/>
    public string Binary => FakeCodexStage.Binary;

    /// <inheritdoc/>
    public string Home { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <inheritdoc/>
    public int EventsOfTurn => 3;

    /// <inheritdoc/>
    public IReadOnlyList<KillMoment> Moments { get; } = [.. Enum.GetValues<KillMoment>().Where(moment => moment != KillMoment.Tool)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Complaints => [];

    /// <inheritdoc/>
    public string PromptOf(string name) => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> AnswerOf(string name) => [TurnNames.AnswerOf(name)];

    /// <inheritdoc/>
    public int RunsOf(string name) => FakeCodexCall.Of(_script).Count(call => call.Prompt == name);

    /// <inheritdoc/>
    public int CallsOf(string name) => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string>? ToldOf(string name) => null;

    /// <inheritdoc/>
    public Task ReachedAsync(string name, string workspace, CancellationToken cancellationToken) =>
        Limits.UntilAsync(() => File.Exists(Path.Combine(workspace, TurnNames.HereFile(name))));

    /// <inheritdoc/>
    public void LetGo(string name, string workspace) => File.WriteAllText(Path.Combine(workspace, TurnNames.GoFile(name)), "");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        FakeCodexCall.KillAll(_script);
        return ValueTask.CompletedTask;
    }
}
