using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// Reads values from merged layers. An invalid value is added to the problems, with its key and location, and a harmless value is
/// returned instead.
/// </summary>
internal sealed class SettingsValues
{
    // The limit of timers, and far more than makes sense for any setting.
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(24);

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(36_500);

    private readonly ImmutableArray<SettingsLayer> _layers;
    private readonly ProblemList _problems;
    private readonly HoconDocument _merged;

    /// <param name="layers">The layers, lowest first.</param>
    /// <param name="problems">Collects the problems.</param>
    public SettingsValues(ImmutableArray<SettingsLayer> layers, ProblemList problems)
    {
        (_layers, _problems) = (layers, problems);
        _merged = layers.Aggregate(HoconDocument.Empty, (below, layer) => layer.Document.WithFallback(below));
    }

    public string Text(string path) => Value(path)?.Text is { Length: > 0 } text ? text : Reject(path, "must be a non-empty string", "");

    /// <summary>A string that may be empty.</summary>
    public string TextOrNothing(string path) => Value(path)?.Text ?? Reject(path, "must be a string", "");

    public ImmutableArray<string> Strings(string path)
    {
        const string Rule = "must be a list of strings, for example [\"a\", \"b\"]";
        return Value(path) is { IsList: true } list && list.Items.All(item => item.Text is not null)
            ? [.. list.Items.Select(item => item.Text!)]
            : Reject(path, Rule, ImmutableArray<string>.Empty);
    }

    /// <summary>Absolute paths of directories; a leading <c>~/</c> is the user's home.</summary>
    public ImmutableArray<string> Directories(string path)
    {
        const string Rule = "must be a list of absolute paths, for example [\"/srv/work\", \"~/work\"]";
        var home = Profile.Home();
        var paths = Strings(path)
            .Select(text => home is not null && text.StartsWith("~/", StringComparison.Ordinal) ? home + text[1..] : text)
            .ToImmutableArray();
        return paths.All(text => Path.IsPathFullyQualified(text) && !text.Contains('\0', StringComparison.Ordinal))
            ? [.. paths.Select(text => Path.TrimEndingDirectorySeparator(Path.GetFullPath(text)))]
            : Reject(path, Rule, ImmutableArray<string>.Empty);
    }

    /// <summary>Patterns of variables' names.</summary>
    public VariablePatterns Patterns(string path)
    {
        var texts = Strings(path);
        if (texts.Select(VariablePatterns.WhyNot).FirstOrDefault(found => found is not null) is not { } problem)
        {
            return VariablePatterns.Of(texts);
        }

        _problems.Add($"{PlaceOf(path)}: {path}: {problem}");
        return VariablePatterns.None;
    }

    public ImmutableDictionary<string, string> Map(string path)
    {
        const string Rule = "must be an object of strings, for example { \"gpt-5\" = \"gpt-5-codex\" }";
        return Value(path)?.Object is { } map && map.Items.Values.All(value => value.Text is not null)
            ? map.Items.ToImmutableDictionary(item => item.Key, item => item.Value.Text!, StringComparer.Ordinal)
            : Reject(path, Rule, ImmutableDictionary<string, string>.Empty);
    }

    /// <summary>A section whose keys the user chooses, of all layers together.</summary>
    public HoconObject Section(string path) =>
        Value(path)?.Object ?? Reject(path, "must be a section, with its keys in braces", new HoconObject());

    /// <summary>Says why a value cannot be.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="why">Why, as the rest of a sentence.</param>
    public void Refuse(string path, string why) => _problems.Add($"{PlaceOf(path)}: {path} {why}.");

    public int Number(string path, int min) =>
        Value(path)?.Text is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min
            ? value
            : Reject(path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number, {min} or more"), min);

    public TimeSpan Time(string path) => Time(path, MaxTime, "such as 30s or 10m, more than 0 and at most 24d");

    /// <summary>A duration, or null for <c>off</c>.</summary>
    public TimeSpan? TimeOrOff(string path) =>
        string.Equals(Value(path)?.Text, "off", StringComparison.OrdinalIgnoreCase)
            ? null
            : Time(path, MaxTime, "such as 30s or 10m, more than 0 and at most 24d, or off");

    /// <summary>A duration that is only compared, never waited for, so it may be long.</summary>
    public TimeSpan Age(string path) => Time(path, MaxAge, "such as 12h or 30d, more than 0 and at most 36500d");

    private TimeSpan Time(string path, TimeSpan longest, string rule) =>
        Value(path)?.Text is { } text && HoconUnits.TryParseDuration(text, out var time) && time > TimeSpan.Zero && time <= longest
            ? time
            : Reject(path, $"must be a duration with its unit, {rule}", TimeSpan.FromSeconds(1));

    public long Bytes(string path, long min) =>
        Value(path)?.Text is { } text && HoconUnits.TryParseByteSize(text, out var bytes) && bytes >= min
            ? bytes
            : Reject(path, string.Create(CultureInfo.InvariantCulture, $"must be a size such as 16MiB, {min} bytes or more"), min);

    public T OneOf<T>(string path, params (string Name, T Value)[] values)
    {
        var text = Value(path)?.Text;
        var found = values.Where(pair => string.Equals(pair.Name, text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found.Length > 0
            ? found[0].Value
            : Reject(path, $"must be one of {string.Join(", ", values.Select(pair => pair.Name))}", values[0].Value);
    }

    private HoconValue? Value(string path) => _merged.Find(path);

    private T Reject<T>(string path, string rule, T instead)
    {
        var shown = Value(path) switch
        {
            null => "missing",
            { Text: { } text } => $"\"{text}\"",
            { Object: not null } => "an object",
            { IsList: true } => "a list",
            _ => "null",
        };
        _problems.Add($"{PlaceOf(path)}: {path} {rule}; it is {shown}.");
        return instead;
    }

    private string PlaceOf(string path) => _layers.LastOrDefault(layer => layer.Document.HasPath(path))?.Place(path) ?? "the configuration";
}
