using System.Collections.Frozen;
using System.Collections.Immutable;
using Akka.Configuration;
using Plexum.Codex.Agents;
using Plexum.Codex.Processes;
using Serilog.Events;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Turns layers of configuration into settings. Every mistake is collected with the source that it stands in.</summary>
internal sealed class SettingsReader
{
    private readonly ImmutableArray<SettingsLayer> _layers;
    private readonly Config _merged;
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    /// <param name="layers">The layers, the lowest first; the first one knows all keys.</param>
    public SettingsReader(ImmutableArray<SettingsLayer> layers)
    {
        _layers = layers;
        _merged = layers.Aggregate(ConfigurationFactory.Empty, (below, layer) => layer.Config.WithFallback(below));
    }

    public HostSettings Read(Profile profile, PluginConfig plugin, int belowPlugin)
    {
        ComplainOfUnknownKeys();
        var binary = Overridden("plexum.codex.binary", belowPlugin, plugin.Binary, path => _merged.GetString(path) ?? "");
        var models = Overridden<ImmutableArray<string>>("plexum.codex.supported-models", belowPlugin, plugin.SupportedModels, Strings);
        var codex = ReadCodex(plugin, belowPlugin);
        var log = new LogSettings(
            Level("plexum.log.level"), Level("plexum.log.console-level"),
            Bytes("plexum.log.max-file", 64 * 1024), Number("plexum.log.kept-files", 1));
        if (string.IsNullOrWhiteSpace(binary))
        {
            _problems.Add("plexum.codex.binary is empty; give codex's name or its absolute path.");
        }

        if (_problems.Count > 0)
        {
            throw new ConfigurationProblemsException(_problems.ToImmutable());
        }

        var akka = _layers.Aggregate(ConfigurationFactory.Empty, (below, layer) => layer.Config.HasPath("akka") ? layer.Config.WithFallback(below) : below);
        return new HostSettings(
            profile, binary, models.IsEmpty ? ["codex"] : models, codex, log, akka,
            [.. plugin.UnknownKeys.Select(key => $"{profile.PluginConfigFile}: the key \"{key}\" is unknown and means nothing.")]);
    }

    private CodexSettings ReadCodex(PluginConfig plugin, int belowPlugin) => new()
    {
        CodexHome = Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } home
            ? Path.GetFullPath(home)
            : new CodexSettings().CodexHome,
        ExtraArgs = Overridden<ImmutableArray<string>>("plexum.codex.extra-args", belowPlugin, plugin.ExtraArgs, Strings),
        ModelArgs = Overridden("plexum.codex.model-args", belowPlugin, plugin.ModelArgs, Map).ToFrozenDictionary(StringComparer.Ordinal),
        Sandbox = OneOf("plexum.codex.sandbox", new Dictionary<string, CodexSandbox>
        {
            ["none"] = CodexSandbox.None,
            ["workspace-write"] = CodexSandbox.WorkspaceWrite,
            ["read-only"] = CodexSandbox.ReadOnly,
        }),
        Environment = new CodexEnvironment { Removed = Strings("plexum.codex.removed-variables") },
        QueueLimit = Number("plexum.turns.queue-limit", 1),
        TurnTimeout = Time("plexum.turns.timeout"),
        InterruptGrace = Time("plexum.turns.interrupt-grace"),
        TerminateGrace = Time("plexum.turns.terminate-grace"),
        ExitGrace = Time("plexum.turns.exit-grace"),
        ThreadBusyLimit = Time("plexum.turns.thread-busy-limit"),
        MaxStderrBytes = Bytes("plexum.turns.max-stderr", 2 * StderrFile.TailBytes),
        IdleTimeout = Time("plexum.agents.idle-timeout"),
    };

    // config.json stands above the files and below variables and --set.
    private T Overridden<T>(string path, int belowPlugin, T? plugin, Func<string, T> read)
        where T : class =>
        plugin is not null && !SaidAbove(path, belowPlugin) ? plugin : read(path);

    private T Overridden<T>(string path, int belowPlugin, T? plugin, Func<string, T> read)
        where T : struct =>
        plugin is { } value && !SaidAbove(path, belowPlugin) ? value : read(path);

    private bool SaidAbove(string path, int belowPlugin) => _layers.Skip(belowPlugin).Any(layer => layer.Config.HasPath(path));

    private void ComplainOfUnknownKeys()
    {
        var known = _layers[0].Keys(SettingsSources.OpenObjects).ToHashSet(StringComparer.Ordinal);
        known.UnionWith(SettingsSources.OpenObjects);
        foreach (var layer in _layers.Skip(1))
        {
            foreach (var key in layer.Keys(SettingsSources.OpenObjects).Where(key => !known.Contains(key)))
            {
                _problems.Add($"{layer.Source}: the key {key} is unknown; the keys are listed in config/akka.hocon.");
            }
        }
    }

    private ImmutableArray<string> Strings(string path) => Read(path, "a list of strings", () => _merged.GetStringList(path).ToImmutableArray());

    private ImmutableDictionary<string, string> Map(string path) =>
        _merged.GetValue(path)?.GetObject()?.Items.ToImmutableDictionary(item => item.Key, item => item.Value.GetString() ?? "", StringComparer.Ordinal)
        ?? ImmutableDictionary<string, string>.Empty;

    private int Number(string path, int least)
    {
        var value = Read(path, "a whole number", () => _merged.GetInt(path));
        return value >= least ? value : Complain(path, $"must be at least {least}", value);
    }

    private TimeSpan Time(string path)
    {
        var value = Read(path, "a time such as 30s or 10m", () => _merged.GetTimeSpan(path, null, allowInfinite: false));
        return value > TimeSpan.Zero ? value : Complain(path, "must be longer than nothing", TimeSpan.FromSeconds(1));
    }

    private long Bytes(string path, long least)
    {
        var value = Read(path, "a size such as 16MiB", () => _merged.GetByteSize(path)) ?? 0;
        return value >= least ? value : Complain(path, $"must be at least {least} bytes", value);
    }

    private LogEventLevel Level(string path) => OneOf(path, Enum.GetValues<LogEventLevel>().ToDictionary(level => level.ToString(), StringComparer.OrdinalIgnoreCase));

    private T OneOf<T>(string path, Dictionary<string, T> values) =>
        values.TryGetValue(_merged.GetString(path) ?? "", out var value)
            ? value
            : Complain(path, $"must be one of {string.Join(", ", values.Keys)}", value!);

    private T? Read<T>(string path, string wanted, Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ConfigurationException or FormatException or OverflowException or InvalidCastException)
        {
            return Complain<T?>(path, $"must be {wanted}", default);
        }
    }

    private T Complain<T>(string path, string rule, T value)
    {
        var source = _layers.Last(layer => layer.Config.HasPath(path)).Source;
        var text = $"{source}: {path} {rule}, it is \"{_merged.GetString(path)}\".";
        if (!_problems.Any(problem => problem.StartsWith($"{source}: {path} ", StringComparison.Ordinal)))
        {
            _problems.Add(text);
        }

        return value;
    }
}
