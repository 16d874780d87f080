using Plexum.Codex.TestSupport.Rollouts;

namespace Plexum.Codex.Rollouts;

public sealed class CorpusReadmeSpecs
{
    [Theory]
    [InlineData("rollouts", 3)]
    [InlineData("stdout", 2)]
    [InlineData("app-server", 2)]
    public void Each_file_of_the_corpus_has_a_line_that_says_what_is_right(string folder, int cells)
    {
        var lines = Corpus.Lines(folder);

        Assert.Equal(Corpus.Files(folder), lines.Keys.Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal(cells, line.Value.Count(cell => !string.IsNullOrWhiteSpace(cell))));
    }
}
