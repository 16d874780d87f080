using System.Globalization;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>Numbers for a table.</summary>
internal static class Figures
{
    /// <summary>The value that a part of all values does not exceed.</summary>
    public static double Percentile(this IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }

    /// <summary>The value in the middle.</summary>
    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);

    /// <summary>A time.</summary>
    public static string Milliseconds(double value) =>
        double.IsNaN(value) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{value:0.#} ms");

    /// <summary>A size.</summary>
    public static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB");

    /// <summary>A number.</summary>
    public static string Plain(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Prints a line of a table.</summary>
    public static void Row(params IEnumerable<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>Prints the beginning of a table; its first column has words, the others numbers.</summary>
    public static void Head(params IReadOnlyList<string> titles)
    {
        Console.WriteLine();
        Row(titles);
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("--:|", titles.Count - 1))}");
    }
}
