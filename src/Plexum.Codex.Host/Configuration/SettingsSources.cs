using System.Collections;
using System.Reflection;
using Plexum.Codex.Host.Configuration.Overrides;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Where settings come from, lowest first: the built-in file, the user's file, environment variables, <c>--set</c>.</summary>
internal static class SettingsSources
{
    /// <summary>The prefix of environment variables: <c>turns.timeout</c> is <c>PLEXUM_TURNS_TIMEOUT</c>.</summary>
    public const string VariablePrefix = "PLEXUM_";

    /// <summary>The prefix of all keys.</summary>
    public const string Root = "plexum";

    /// <summary>How the source of a <c>--set</c> begins.</summary>
    public const string Argument = "--set ";

    /// <summary>Objects whose keys the user chooses.</summary>
    public static IReadOnlySet<string> OpenObjects { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "plexum.codex.model-args", AgentOverridesReader.Path, "akka" };

    /// <summary>The defaults: the file <c>config/akka.hocon</c>, built into the program.</summary>
    public static SettingsLayer BuiltIn()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("akka.hocon")
            ?? throw new InvalidOperationException("The program was built without its configuration.");
        using var reader = new StreamReader(stream);
        return SettingsLayer.Parse("the built-in configuration", reader.ReadToEnd(), isFile: true);
    }

    /// <summary>The user's file, in which keys may omit their <c>plexum.</c>; null if it does not exist.</summary>
    /// <exception cref="ConfigurationProblemsException">
    /// It cannot be read, is malformed, or has a setting both with and without <c>plexum.</c>
    /// </exception>
    public static SettingsLayer? File(SettingsLayer builtIn, string path) =>
        ConfigurationText.ReadIfThere(path) is { } text ? WithPrefix(builtIn, SettingsLayer.Parse(path, text, isFile: true)) : null;

    // What begins with the name of a section is a setting without its prefix. Anything else stays, and is unknown.
    private static SettingsLayer WithPrefix(SettingsLayer builtIn, SettingsLayer layer)
    {
        var sections = builtIn.Document.Find(Root)!.Object!.Items.Keys.ToHashSet(StringComparer.Ordinal);
        var bare = layer.Document.Root.Items.Where(item => sections.Contains(item.Key)).ToArray();
        if (bare.Length == 0)
        {
            return layer;
        }

        var (moved, rest) = (new HoconObject(), new HoconObject());
        foreach (var (key, value) in layer.Document.Root.Items)
        {
            (sections.Contains(key) ? moved : rest).Items.Add(key, value);
        }

        var added = new HoconObject();
        added.Items.Add(Root, new HoconValue(moved) { Line = bare.Min(item => item.Value.Line) });
        var given = layer with { Document = new HoconDocument(rest) };
        var prefixed = layer with { Document = new HoconDocument(added) };
        string[] twice = [.. prefixed.Keys(OpenObjects).Where(given.Document.HasPath)];
        return twice.Length == 0
            ? layer with
            {
                Document = prefixed.Document.WithFallback(given.Document),
            }
            : throw new ConfigurationProblemsException([
                .. twice.Select(key => $"{prefixed.Place(key)}: {key} is set twice, with and without \"{Root}.\"; remove one of them."),
            ]);
    }

    /// <summary>The environment variables that name a key of the built-in file, each with a function that parses its layer.</summary>
    public static IEnumerable<Func<SettingsLayer>> Variables(SettingsLayer builtIn, IDictionary environment)
    {
        foreach (var key in builtIn.Keys(OpenObjects).Except(OpenObjects, StringComparer.Ordinal))
        {
            var name = VariableOf(key);
            if (environment[name] is string { Length: > 0 } value)
            {
                yield return () => SettingsLayer.Parse(name, Assignment(builtIn, key, value), isFile: false);
            }
        }
    }

    /// <summary>The environment variables that look like a setting but match none. They may belong to another program.</summary>
    public static IEnumerable<string> StrayVariables(SettingsLayer builtIn, IDictionary environment)
    {
        string[] ours = [ProcessEnvironment.TurnVariable, ProcessEnvironment.CommandVariable];
        var names = builtIn.Keys(OpenObjects).Select(VariableOf).Concat(ours).ToHashSet(StringComparer.Ordinal);
        var sections = builtIn
            .Keys(OpenObjects)
            .Select(key => VariablePrefix + key.Split('.')[1].ToUpperInvariant() + "_")
            .ToHashSet(StringComparer.Ordinal);
        return environment
            .Keys.Cast<string>()
            .Where(name => !names.Contains(name) && sections.Any(section => name.StartsWith(section, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Parses one <c>--set key=value</c>; the key may omit its <c>plexum.</c>.</summary>
    /// <exception cref="ConfigurationProblemsException">It has no <c>=</c> or its key is malformed.</exception>
    public static SettingsLayer Assigned(SettingsLayer builtIn, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new ConfigurationProblemsException([$"--set {text}: give a key and a value, for example --set turns.timeout=5m"]);
        }

        var key = text[..equals].Trim();
        var path =
            key.StartsWith(Root + ".", StringComparison.Ordinal) || key.StartsWith("akka.", StringComparison.Ordinal)
                ? key
                : $"{Root}.{key}";
        var source = Argument + key;
        SettingsLayer.Parse(source, $"{path} = null", isFile: false);
        return SettingsLayer.Parse(source, Assignment(builtIn, path, text[(equals + 1)..]), isFile: false);
    }

    private static string VariableOf(string key) =>
        VariablePrefix + key[(Root.Length + 1)..].Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    // A list is HOCON. Anything else is quoted, so that no character of it has a meaning in HOCON.
    private static string Assignment(SettingsLayer builtIn, string path, string value) =>
        $"{path} = {(builtIn.Document.Find(path) is { IsList: true } ? value : HoconWriter.Quoted(value))}";
}
