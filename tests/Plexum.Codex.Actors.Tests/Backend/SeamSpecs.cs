using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Plexum.Codex.Backend;

/// <summary>Nothing above the seam knows how codex is run.</summary>
public sealed partial class SeamSpecs
{
    private static readonly string[] Above = ["Plexum.Codex.Actors", "Plexum.Codex.Backends/Backend"];
    private static readonly string[] Behind = ["Plexum.Codex.Backends/Exec", "Plexum.Codex.Backends/Processes"];

    [Fact]
    public void Nothing_above_the_seam_names_what_stands_behind_it()
    {
        var hidden = Behind
            .SelectMany(Files)
            .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

        var found =
            from file in AboveFiles()
            from word in Words().Matches(Code(file)).Select(match => match.Value).Distinct()
            where hidden.Contains(word)
            select $"{Path.GetFileName(file)}: {word}";

        Assert.Contains("CodexProcessActor", hidden);
        Assert.Empty(found);
    }

    [Fact]
    public void Nothing_above_the_seam_speaks_of_processes_and_their_files()
    {
        var found =
            from file in AboveFiles()
            from match in Telltale().Matches(File.ReadAllText(file))
            select $"{Path.GetFileName(file)}: {match.Value}";

        Assert.Empty(found);
    }

    private static IEnumerable<string> AboveFiles() => Above.SelectMany(Files);

    // A folder that is not there any more fails the specs, so that they follow a move.
    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Source(), folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src"));

    // Comments and texts may name a type without the compiler's knowing it.
    private static string Code(string file) => Comments().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"^(?:public|internal)[\w ]* (?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Words();

    [GeneratedRegex("//.*|\"[^\"\\n]*\"")]
    private static partial Regex Comments();

    [GeneratedRegex(@"codex exec|\b[Ss]tderr\w*|\b[Ss]tdout\w*|\b[Pp]id\b|exit code|exit status|ExitCode|turn\.json")]
    private static partial Regex Telltale();
}
