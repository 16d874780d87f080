using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration.Overrides;
using Plexum.Codex.Host.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>A setting as it holds, and where that comes from.</summary>
/// <param name="Key">Its key, with <c>plexum.</c>.</param>
/// <param name="Text">Its value as text; a list or an object is in HOCON.</param>
/// <param name="Origin">The kind of source that it comes from.</param>
/// <param name="Source">The source as the user knows it, with the line if it is a file.</param>
internal sealed record SettingValue(string Key, string Text, SettingOrigin Origin, string Source)
{
    /// <summary>The key as people write it.</summary>
    public string Name => Key[(SettingsSources.Root.Length + 1)..];
}

/// <summary>The kinds of sources of settings, lowest first.</summary>
internal enum SettingOrigin
{
    /// <summary>The built-in file.</summary>
    Default,

    /// <summary>The user's file, or the plugin's.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Variable,

    /// <summary><c>--set</c>.</summary>
    Argument,
}

/// <summary>Lists the settings as they hold, each with its source.</summary>
/// <param name="layers">The layers, lowest first; the first one defines all keys.</param>
/// <param name="belowPlugin">How many of the layers the plugin's file overrides.</param>
/// <param name="plugin">The plugin's file.</param>
/// <param name="pluginFile">Its path.</param>
internal sealed class EffectiveSettings(ImmutableArray<SettingsLayer> layers, int belowPlugin, PluginConfig plugin, string pluginFile)
{
    /// <summary>All settings, sorted by key.</summary>
    public ImmutableArray<SettingValue> List() =>
        [
            .. layers[0]
                .Keys(SettingsSources.OpenObjects)
                .Concat(SettingsSources.OpenObjects)
                .Where(key => key.StartsWith(SettingsSources.Root + ".", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .SelectMany(key => key == AgentOverridesReader.Path ? OfAgents() : [key])
                .Order(StringComparer.Ordinal)
                .Select(ValueOf),
        ];

    // Each agent's may come from another layer.
    private string[] OfAgents()
    {
        string[] keys =
        [
            .. layers
                .SelectMany(layer => layer.Keys(SettingsSources.OpenObjects.Except([AgentOverridesReader.Path]).ToHashSet()))
                .Where(key => key.StartsWith($"{AgentOverridesReader.Path}.", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
        return keys is [] ? [AgentOverridesReader.Path] : keys;
    }

    private SettingValue ValueOf(string key)
    {
        var (layer, at) = layers.Index().Select(pair => (pair.Item, pair.Index)).Last(pair => pair.Item.Document.HasPath(key));
        if (at < belowPlugin && OfPlugin(key) is { } text)
        {
            return new SettingValue(key, text, SettingOrigin.File, pluginFile);
        }

        return new SettingValue(key, HoconWriter.OneLine(layer.Document.Find(key)!), OriginOf(layer, at), layer.Place(key));
    }

    private static SettingOrigin OriginOf(SettingsLayer layer, int at) =>
        at == 0 ? SettingOrigin.Default
        : layer.IsFile ? SettingOrigin.File
        : layer.Source.StartsWith(SettingsSources.Argument, StringComparison.Ordinal) ? SettingOrigin.Argument
        : SettingOrigin.Variable;

    private string? OfPlugin(string key) =>
        key switch
        {
            "plexum.codex.binary" => plugin.Binary,
            "plexum.codex.extra-args" => plugin.ExtraArgs is { } list ? HoconWriter.OneLine(list) : null,
            "plexum.codex.supported-models" => plugin.SupportedModels is { } list ? HoconWriter.OneLine(list) : null,
            "plexum.codex.model-args" => plugin.ModelArgs is { } map ? HoconWriter.OneLine(map) : null,
            _ => null,
        };
}
