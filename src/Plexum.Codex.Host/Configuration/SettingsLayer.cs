using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>A part of the configuration from one source.</summary>
/// <param name="Source">The source, as a person would look for it: a file's path, a variable's name, <c>--set</c>.</param>
/// <param name="Config">What it says.</param>
public sealed record SettingsLayer(string Source, Config Config)
{
    /// <summary>The paths of all values, those in objects of <paramref name="open"/> paths left out.</summary>
    public IEnumerable<string> Keys(IReadOnlySet<string> open) =>
        Config.Root?.GetObject() is { } root ? Leaves(root, "", open) : [];

    /// <summary>Reads HOCON.</summary>
    /// <exception cref="ConfigurationProblemsException">It is malformed; the message names source, line and column.</exception>
    public static SettingsLayer Parse(string source, string hocon)
    {
        try
        {
            return new SettingsLayer(source, ConfigurationFactory.ParseString(hocon));
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
