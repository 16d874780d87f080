using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>A part of the configuration from one source.</summary>
/// <param name="Source">The source, as a person would look for it: a file's path, a variable's name, <c>--set</c>.</param>
/// <param name="Config">What it says.</param>
/// <param name="Lines">The lines of its keys, where it is a file.</param>
internal sealed record SettingsLayer(string Source, Config Config, IReadOnlyDictionary<string, int>? Lines = null)
{
    /// <summary>The source, with the line of a key where it is known.</summary>
    public string Place(string key) => Lines is not null && Lines.TryGetValue(key, out var line) ? $"{Source}, line {line}" : Source;

    /// <summary>The paths of all values, those in objects of <paramref name="open"/> paths left out.</summary>
    public IEnumerable<string> Keys(IReadOnlySet<string> open) =>
        Config.Root?.GetObject() is { } root ? Leaves(root, "", open) : [];

    /// <summary>Reads HOCON.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hocon">The text.</param>
    /// <param name="isFile">Whether a person knows the text by its lines.</param>
    /// <exception cref="ConfigurationProblemsException">It is malformed; the message names source, line and column.</exception>
    public static SettingsLayer Parse(string source, string hocon, bool isFile)
    {
        try
        {
            return new SettingsLayer(source, ConfigurationFactory.ParseString(hocon), isFile ? HoconLines.Of(hocon) : null);
        }
        catch (Exception e) when (e is ConfigurationException or FormatException)
        {
            throw new ConfigurationProblemsException([$"{source}: {e.Message}"]);
        }
    }

    private static IEnumerable<string> Leaves(HoconObject value, string prefix, IReadOnlySet<string> open)
    {
        foreach (var (key, child) in value.Items)
        {
            var path = prefix.Length == 0 ? key : $"{prefix}.{key}";
            if (open.Contains(path) || child.GetObject() is not { } inner)
            {
                yield return path;
                continue;
            }

            foreach (var leaf in Leaves(inner, path, open))
            {
                yield return leaf;
            }
        }
    }
}
