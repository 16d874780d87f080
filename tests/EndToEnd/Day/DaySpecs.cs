using System.Text.RegularExpressions;

namespace Plexum.Codex.EndToEnd.Day;

/// <summary>An operator's whole day with the published program: <c>./build.sh day</c>. What it prints is docs/day.md.</summary>
public sealed partial class DaySpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>, IDisposable
{
    private const string Introduction =
        "What `./build.sh day` printed: each step of a day with its commands and their output. The model is one on loopback, whose answers "
        + "are scripted; codex does not know it and says so in each turn (`model_metadata`). Paths, ids, times, the commit and the numbers "
        + "of processes are not those that were printed.";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("plexum-codex-day-");

    public void Dispose() => _root.Delete(recursive: true);

    [DayFact]
    public async Task Nothing_that_was_accepted_is_lost_from_the_installation_to_the_restored_profile()
    {
        var home = _root.CreateSubdirectory("home").FullName;
        model.Server.Provider.WriteConfig(Path.Combine(home, "provider"));
        using var script = ProgramProcess.Start(
            "unshare",
            [.. MountNamespace.Arguments, "bash", Path.Combine(DayFactAttribute.Repository, "tests", "EndToEnd", "Day", "day.sh")],
            new Dictionary<string, string?>
            {
                ["HOME"] = home,
                ["PROGRAM"] = DayFactAttribute.Program,
                ["CODEX"] = CodexRig.Codex,
            }
        );

        // It takes as long as it takes, and each of its waits has a limit.
        var output = await new StreamReader(script.Output).ReadToEndAsync();
        var end = await script.EndsAsync(readOutput: false);

        Assert.True(end.ExitCode == 0, output + end.Errors);
        Assert.EndsWith("\nNothing was lost.\n", output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            Path.Combine(DayFactAttribute.Repository, "docs", "day.md"),
            $"""
            # An operator's day

            {Introduction}
            {Readable(output, home)}
            """
        );
    }

    // What differs from day to day differs in the same way each time, and takes as much room as it did.
    private static string Readable(string output, string home)
    {
        var text = output.Replace(home, "/home/me", StringComparison.Ordinal);
        text = text.Replace(DayFactAttribute.Program, "/home/me/plexum-codex", StringComparison.Ordinal);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        text = Id().Replace(text, id => Numbered(id.Value, ids));
        text = Commit().Replace(text, "");
        text = Process().Replace(text, "${before}4711");
        return Time().Replace(text, time => Digits(time.Value, "20260131081500")).TrimEnd() + "\n";
    }

    private static string Numbered(string id, Dictionary<string, string> ids)
    {
        if (!ids.TryGetValue(id, out var known))
        {
            ids[id] = known = Digits(id, FormattableString.Invariant($"019c13080000700080000000{ids.Count + 1:D8}"));
        }

        return known;
    }

    private static string Digits(string text, string digits)
    {
        var taken = 0;
        return string.Concat(
            text.Select(c =>
                !char.IsAsciiHexDigit(c) ? c
                : taken < digits.Length ? digits[taken++]
                : '0'
            )
        );
    }

    [GeneratedRegex("\\b01[0-9a-f]{6}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b|\\b01[0-9a-f]{30}\\b")]
    private static partial Regex Id();

    [GeneratedRegex("(?<=[0-9])\\+[0-9a-f]{40}")]
    private static partial Regex Commit();

    [GeneratedRegex("(?<before>process |'codex-main' \\()[0-9]+")]
    private static partial Regex Process();

    [GeneratedRegex("20[0-9]{2}([-/])[0-9]{2}\\1[0-9]{2}([ T][0-9]{2}[:-][0-9]{2}([:-][0-9]{2}(\\.[0-9]+)?)?)?")]
    private static partial Regex Time();
}

/// <summary>A spec that only <c>./build.sh day</c> runs, since it needs the published program.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DayFactAttribute : FactAttribute
{
    /// <summary>The variable with the repository's directory.</summary>
    private const string Variable = "PLEXUM_DAY";

    public DayFactAttribute() =>
        Skip = Repository.Length == 0 ? "It needs the published program; ./build.sh day runs it." : MountNamespace.WhyNot;

    /// <summary>The repository; empty if the day is not asked for.</summary>
    public static string Repository { get; } = Environment.GetEnvironmentVariable(Variable) ?? "";

    /// <summary>The published program's directory.</summary>
    public static string Program => Path.Combine(Repository, ".build", "publish");
}
