using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

public sealed class ProblemsDocSpecs
{
    [Fact]
    public void Every_problem_has_its_row_in_the_operators_page_and_no_other_has()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "operations.md"));
        var begin = page.IndexOf("## What pages an operator", StringComparison.Ordinal);
        var section = page[begin..page.IndexOf("\n## ", begin + 1, StringComparison.Ordinal)];

        var rows = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

        Assert.Equal(ProblemKinds.All.Select(kind => kind.Code), rows);
    }

    [Fact]
    public void Every_problem_says_what_to_do_in_whole_sentences() =>
        Assert.All(ProblemKinds.All, kind => Assert.EndsWith(".", kind.Remedy, StringComparison.Ordinal));
}
