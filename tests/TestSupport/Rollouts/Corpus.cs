namespace Plexum.Codex.TestSupport.Rollouts;

/// <summary>The files of tests/Corpus, and what its README says of each.</summary>
internal static class Corpus
{
    private static readonly string Root = Find();

    /// <summary>The names of a folder's files, in order.</summary>
    public static string[] Files(string folder)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The content of a file.</summary>
    public static byte[] Read(string folder, string file) => File.ReadAllBytes(Path.Combine(Root, folder, file));

    /// <summary>The README's lines for a folder: the cells behind each file's name.</summary>
    public static Dictionary<string, string[]> Lines(string folder) =>
        File.ReadLines(Path.Combine(Root, "README.md"))
            .SkipWhile(line => line != $"## {folder}/")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .ToDictionary(cells => cells[0].Trim('`'), cells => cells[1..]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var corpus = Path.Combine(folder.FullName, "tests", "Corpus");
            if (Directory.Exists(corpus))
            {
                return corpus;
            }
        }

        throw new InvalidOperationException("The tests lie in no copy of the repository.");
    }
}
