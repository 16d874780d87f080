using System.Globalization;

namespace FakeCodex;

/// <summary>A line of a script: a word and what stands behind it.</summary>
internal sealed record Step(int Line, string Word, string Text)
{
    public static Step Parse(int line, string text)
    {
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? new Step(line, text, "") : new Step(line, text[..blank], text[(blank + 1)..]);
    }

    /// <summary>The text as a step of its own.</summary>
    public Step Inner() => Parse(Line, Text);

    /// <summary>The first word of the text as a number, and what stands behind it.</summary>
    public (int Number, string Text) Numbered()
    {
        var inner = Inner();
        return int.TryParse(inner.Word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, inner.Text)
            : throw Mistake($"'{Word}' takes a number first, not '{inner.Word}'");
    }

    public ScriptExit Mistake(string what) => ScriptExit.After(70, $"FakeCodex: line {Line} of the script: {what}.");
}

/// <summary>A script: the steps that always run, and sections of which one runs.</summary>
internal sealed class FakeScript
{
    private const string Default = "thread\nturn\nsay ${prompt}\ncompleted 100 10";

    private readonly List<(Step Header, List<Step> Steps)> _sections = [];
    private readonly List<Step> _always = [];

    private FakeScript(string? path, string text)
    {
        Path = path;
        var into = _always;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                continue;
            }

            if (line is ['[', .. var header, ']'])
            {
                into = [];
                _sections.Add((Step.Parse(number, header), into));
            }
            else
            {
                into.Add(Step.Parse(number, line));
            }
        }
    }

    /// <summary>The file it stands in; null for the built-in one.</summary>
    public string? Path { get; }

    public static FakeScript Load()
    {
        var path = Environment.GetEnvironmentVariable("FAKE_CODEX_SCRIPT");
        if (string.IsNullOrEmpty(path))
        {
            path = System.IO.Path.GetFullPath(".fake-codex");
            return File.Exists(path) ? new FakeScript(path, File.ReadAllText(path)) : new FakeScript(null, Default);
        }

        return File.Exists(path)
            ? new FakeScript(path, File.ReadAllText(path))
            : throw ScriptExit.After(70, $"FakeCodex: the script {path} does not exist.");
    }

    /// <summary>The script as its file is now.</summary>
    public FakeScript Again() => Path is null ? this : new FakeScript(Path, File.ReadAllText(Path));

    /// <summary>What a step that is no step but a setting says; null when it is not there.</summary>
    public string? Setting(string word) => _always.Find(step => step.Word == word)?.Text;

    public IEnumerable<Step> StepsFor(Invocation invocation, int call) => StepsFor(invocation.ResumeId is null, invocation.Prompt, call);

    /// <summary>What each step says that is such a setting.</summary>
    public IEnumerable<string> Settings(string word) => _always.Where(step => step.Word == word).Select(step => step.Text);

    /// <summary>The steps of a turn.</summary>
    /// <param name="isFresh">Whether its thread is new.</param>
    /// <param name="prompt">Its prompt.</param>
    /// <param name="call">Which recorded turn it is, from 1.</param>
    public IEnumerable<Step> StepsFor(bool isFresh, string prompt, int call) =>
        _always.Concat(_sections.Find(section => Fits(section.Header, isFresh, prompt, call)).Steps ?? []);

    private static bool Fits(Step header, bool isFresh, string prompt, int call) =>
        header.Word switch
        {
            "fresh" => isFresh,
            "resume" => !isFresh,
            "call" => header.Numbered().Number == call,
            "prompt" => prompt.Contains(header.Text, StringComparison.Ordinal),
            "else" => true,
            _ => throw header.Mistake($"there is no section [{header.Word}]"),
        };
}
