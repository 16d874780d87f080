using System.Globalization;

namespace Plexum.Codex.Host.Terminals;

/// <summary>Shortens names so that they stay distinguishable: they are cut in the middle, or where they differ least.</summary>
internal static class ShortNames
{
    // Enough of a common beginning to recognise it.
    private const int Context = 2;

    /// <summary>The names, each with at most some characters. Different names stay different, if there is room for a number.</summary>
    /// <param name="names">Names in ASCII, each once.</param>
    /// <param name="width">The maximum number of characters.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names, int width)
    {
        var most = Math.Max(1, width);
        return names.All(name => name.Length <= most) ? names : Ways(names, most).FirstOrDefault(AreDifferent) ?? Numbered(names, most);
    }

    private static IEnumerable<string[]> Ways(IReadOnlyList<string> names, int width)
    {
        // As much of the beginning as of the end, then more of the end, then more of the beginning.
        var half = (width - 1) / 2;
        foreach (var head in Enumerable.Range(0, width).OrderBy(head => head <= half ? half - head : head))
        {
            yield return Each(names, width, name => $"{name[..head]}…{name[^(width - 1 - head)..]}");
        }

        var from = Math.Max(0, CommonStart([.. names.Where(name => name.Length > width)]) - Context);
        if (width > 2)
        {
            yield return Each(names, width, name => $"…{name.AsSpan(Math.Min(from, name.Length - width + 2), width - 2)}…");
        }
    }

    private static string[] Numbered(IReadOnlyList<string> names, int width)
    {
        var number = 0;
        return Each(names, width, name =>
        {
            var mark = string.Create(CultureInfo.InvariantCulture, $"…#{++number}");
            var numbered = name[..Math.Max(0, width - mark.Length)] + mark;
            return numbered.Length <= width ? numbered : numbered[..width];
        });
    }

    private static string[] Each(IReadOnlyList<string> names, int width, Func<string, string> shorten) =>
        [.. names.Select(name => name.Length <= width ? name : shorten(name))];

    private static bool AreDifferent(string[] names) => names.Distinct(StringComparer.Ordinal).Count() == names.Length;

    private static int CommonStart(string[] names)
    {
        var length = 0;
        while (length < names[0].Length && names.All(name => length < name.Length && name[length] == names[0][length]))
        {
            length++;
        }

        return length;
    }
}
