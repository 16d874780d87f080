using System.Globalization;
using Plexum.Codex.Host.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>The part of the configuration that one source provides.</summary>
/// <param name="Source">The source as the user knows it: a file's path, a variable's name, <c>--set</c>.</param>
/// <param name="Document">Its content.</param>
/// <param name="IsFile">Whether it is a file, so that line numbers help the user.</param>
// Not Microsoft.Extensions.Configuration: it loses the position of a value and accepts unknown keys.
internal sealed record SettingsLayer(string Source, HoconDocument Document, bool IsFile)
{
    /// <summary>The source, with the line of a key if it is a file.</summary>
    public string Place(string path) =>
        IsFile && Document.Find(path) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{Source}, line {value.Line}") : Source;

    /// <summary>The paths of all values, except those inside the objects at <paramref name="open"/>.</summary>
    public IEnumerable<string> Keys(IReadOnlySet<string> open) => Leaves(Document.Root, "", open);

    /// <summary>Parses HOCON.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hocon">The text.</param>
    /// <param name="isFile">Whether it is a file, so that line numbers help the user.</param>
    /// <exception cref="ConfigurationProblemsException">It is malformed; the message names source, line and column.</exception>
    public static SettingsLayer Parse(string source, string hocon, bool isFile)
    {
        try
        {
            return new SettingsLayer(source, HoconDocument.Parse(hocon), isFile);
        }
        catch (HoconException e)
        {
            throw new ConfigurationProblemsException([$"{source}: {e.Message}"]);
        }
    }

    private static IEnumerable<string> Leaves(HoconObject value, string prefix, IReadOnlySet<string> open)
    {
        foreach (var (key, child) in value.Items)
        {
            var path = HoconPath.Join(prefix, key);
            if (open.Contains(path) || child.Object is not { } inner)
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
