using System.Globalization;
using System.Text;

namespace Plexum.ActorKernel.Bench.Results;

/// <summary>Writes two runs side by side. The last column is how many times better the first one is; below 1 it is worse.</summary>
internal static class Comparison
{
    public static string Table(ResultFile ours, ResultFile theirs)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"A: {ResultTable.Heading(ours)}  ");
        text.AppendLine(CultureInfo.InvariantCulture, $"B: {ResultTable.Heading(theirs)}\n");
        text.AppendLine("| measurement | figure | A | B | A is better by |");
        text.AppendLine("|---|---|---|---|--:|");
        foreach (var (our, their) in ours.Rows.Join(theirs.Rows, row => (row.Name, row.Size), row => (row.Name, row.Size), (a, b) => (a, b)))
        {
            var pairs = our.Figures.Join(their.Figures, f => (f.Name, f.Unit), f => (f.Name, f.Unit), (a, b) => (a, b));
            foreach (var (index, (a, b)) in pairs.Index())
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {(index == 0 ? ResultTable.Title(our) : "")} | {a.Name} | {a} | {b} | {Better(a, b)} |");
            }
        }

        return text.Append(ResultTable.Disturbed(ours)).Append(ResultTable.Disturbed(theirs)).ToString();
    }

    private static string Better(Sample a, Sample b)
    {
        var (more, less) = a.MoreIsBetter ? (a.Median, b.Median) : (b.Median, a.Median);
        const double nothing = 0.05;
        return less < nothing ? (more < nothing ? "1.00×" : "–") : string.Create(CultureInfo.InvariantCulture, $"{more / less:0.00}×");
    }
}
