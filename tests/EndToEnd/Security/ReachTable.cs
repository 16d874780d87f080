using System.Text;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>The table of what a command can do, as docs/security.md has it.</summary>
internal static class ReachTable
{
    private const string Heading = "| a command can |";

    private static readonly Lazy<string> Page = new(FindPage);

    /// <summary>The table.</summary>
    /// <param name="rows">What a command may be able to do.</param>
    /// <param name="columns">For each setting the names of the rows that it can do.</param>
    public static string Of(IEnumerable<(string Name, string What)> rows, IReadOnlyList<(string Setting, HashSet<string> Can)> columns)
    {
        var table = new StringBuilder()
            .Append(Heading)
            .AppendJoin(" |", columns.Select(column => $" {column.Setting}"))
            .Append(" |\n|---|")
            .AppendJoin("", columns.Select(_ => "---|"))
            .Append('\n');
        foreach (var (name, what) in rows)
        {
            table
                .Append("| ")
                .Append(what)
                .Append(" |")
                .AppendJoin(" |", columns.Select(column => column.Can.Contains(name) ? " yes" : " no"))
                .Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>The table as it is in the page.</summary>
    public static string Read()
    {
        var (_, table, _) = Split(File.ReadAllText(Page.Value));
        return table;
    }

    /// <summary>Puts the table into the page.</summary>
    public static void Write(string table)
    {
        var (before, _, after) = Split(File.ReadAllText(Page.Value));
        File.WriteAllText(Page.Value, before + table + after);
    }

    private static (string Before, string Table, string After) Split(string page)
    {
        var start = page.IndexOf(Heading, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Page.Value} has no table that begins with {Heading}");
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        return (page[..start], page[start..end], page[end..]);
    }

    private static string FindPage()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var page = Path.Combine(folder.FullName, "docs", "security.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        throw new InvalidOperationException("The tests lie in no copy of the repository.");
    }
}
