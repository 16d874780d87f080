using System.Globalization;
using System.Text;

namespace Plexum.ActorKernel.Bench.Results;

/// <summary>Writes the results of one run as a markdown table, a line for each figure.</summary>
internal static class ResultTable
{
    public static string Of(ResultFile results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Heading(results)}\n");
        text.AppendLine("| measurement | figure | median (min–max) |");
        text.AppendLine("|---|---|---|");
        foreach (var row in results.Rows)
        {
            foreach (var (index, sample) in row.Figures.Index())
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {(index == 0 ? Title(row) : "")} | {sample.Name} | {sample} |");
            }
        }

        return text.Append(Disturbed(results)).ToString();
    }

    public static string Heading(ResultFile results) =>
        $"{results.Runtime}; {results.Machine}; processes per row: {results.Processes}{(results.Smoke ? "; smoke sizes, no figures to compare" : "")}";

    public static string Title(MeasuredRow row) =>
        row.Size == 1 ? row.Title : string.Create(CultureInfo.InvariantCulture, $"{row.Title}, {row.Size:#,0}");

    /// <summary>Names the rows during which others used the processors, or nothing.</summary>
    public static string Disturbed(ResultFile results)
    {
        const double tolerated = 0.05;
        var rows = results.Rows.Where(row => row.OtherLoad > tolerated)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Name} {row.OtherLoad:P0}")).ToArray();
        return rows.Length == 0 ? "" : $"\n{results.Runtime}: others used the processors during {string.Join(", ", rows)}; do not compare the throughput of these.\n";
    }
}
