using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// Values of layers that stand above each other. A value that cannot be used is added to the problems, with its key and the place
/// it stands at, and something harmless is returned.
/// </summary>
internal sealed class SettingsValues
{
    // What timers can be set to; it is far more than makes sense anywhere here.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    private readonly ImmutableArray<SettingsLayer> _layers;
    private readonly ProblemList _problems;
    private readonly Config _merged;

    /// <param name="layers">The layers, the lowest first.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public SettingsValues(ImmutableArray<SettingsLayer> layers, ProblemList problems)
    {
        (_layers, _problems) = (layers, problems);
        _merged = layers.Aggregate(ConfigurationFactory.Empty, (below, layer) => layer.Config.WithFallback(below));
    }

    public string Text(string path) => Value(path) is { } value && value.IsString() && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
        ? text
        : Complain(path, "must be a text that is not empty", "");

    /// <summary>A text that may be empty.</summary>
    public string TextOrNothing(string path) => Value(path) is { } value && value.IsString() && value.GetString() is { } text
        ? text.Trim()
        : Complain(path, "must be a text", "");

    public ImmutableArray<string> Strings(string path)
    {
        const string Rule = "must be a list of strings, for example [\"a\", \"b\"]";
        if (Value(path) is not { } value || value.IsString() || value.IsObject())
        {
            return Complain(path, Rule, ImmutableArray<string>.Empty);
        }

        var items = value.GetArray();
        return items.All(item => item.IsString()) ? [.. items.Select(item => item.GetString()!)] : Complain(path, Rule, ImmutableArray<string>.Empty);
    }

    public ImmutableDictionary<string, string> Map(string path)
    {
        const string Rule = "must be an object of strings, for example { \"gpt-5\" = \"gpt-5-codex\" }";
        if (Value(path)?.GetObject() is not { } map)
        {
            return Complain(path, Rule, ImmutableDictionary<string, string>.Empty);
        }

        return map.Items.All(item => item.Value.IsString())
            ? map.Items.ToImmutableDictionary(item => item.Key, item => item.Value.GetString()!, StringComparer.Ordinal)
            : Complain(path, Rule, ImmutableDictionary<string, string>.Empty);
    }

    public int Number(string path, int least) =>
        Value(path)?.GetString() is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : Complain(path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number, {least} or more"), least);

    public TimeSpan Time(string path) => Time(path, LongestTime, "such as 30s or 10m, over nothing and up to 24d");

    /// <summary>A time that is compared and never waited for, so it may be long.</summary>
    public TimeSpan Age(string path) => Time(path, LongestAge, "such as 12h or 30d, over nothing and up to 36500d");

    private TimeSpan Time(string path, TimeSpan longest, string rule)
    {
        // HOCON takes a bare number for milliseconds; nobody who writes 10 means that.
        var value = Value(path)?.GetString() is { Length: > 0 } text && char.IsAsciiLetter(text[^1])
            ? Read<TimeSpan>(() => _merged.GetTimeSpan(path, null, allowInfinite: false))
            : null;
        return value > TimeSpan.Zero && value <= longest
            ? value.Value
            : Complain(path, $"must be a time with its unit, {rule}", TimeSpan.FromSeconds(1));
    }

    public long Bytes(string path, long least)
    {
        var value = Value(path)?.IsString() == true ? Read<long>(() => _merged.GetByteSize(path)) : null;
        return value >= least ? value.Value : Complain(path, string.Create(CultureInfo.InvariantCulture, $"must be a size such as 16MiB, {least} bytes or more"), least);
    }

    public T OneOf<T>(string path, params (string Name, T Value)[] values)
    {
        var text = Value(path) is { } value && value.IsString() ? value.GetString() : null;
        var found = values.Where(pair => string.Equals(pair.Name, text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found.Length > 0
            ? found[0].Value
            : Complain(path, $"must be one of {string.Join(", ", values.Select(pair => pair.Name))}", values[0].Value);
    }

    private Akka.Configuration.Hocon.HoconValue? Value(string path) => _merged.GetValue(path);

    private static T? Read<T>(Func<T?> read)
        where T : struct
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ConfigurationException or FormatException or OverflowException)
        {
            // The caller names the rule, which says more than the parser's message.
            return null;
        }
    }

    private T Complain<T>(string path, string rule, T instead)
    {
        var value = Value(path);
        var shown = value is null ? "missing" : value.IsString() ? $"\"{value.GetString()}\"" : value.IsObject() ? "an object" : "a list";
        var place = _layers.LastOrDefault(layer => layer.Config.HasPath(path))?.Place(path) ?? "the configuration";
        _problems.Add($"{place}: {path} {rule}; it is {shown}.");
        return instead;
    }
}
