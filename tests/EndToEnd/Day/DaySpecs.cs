using System.Text.RegularExpressions;

namespace Plexum.Codex.EndToEnd.Day;

/// <summary>An operator's whole day with the published program: <c>./build.sh day</c>. What it prints is docs/day.md.</summary>
public sealed partial class DaySpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("plexum-codex-day-");

    public void Dispose() => _root.Delete(recursive: true);

    [DayFact]
    public async Task Nothing_that_was_accepted_is_lost_from_the_installation_to_the_restored_profile()
    {
        var day = _root.CreateSubdirectory("day").FullName;
        model.Server.Provider.WriteConfig(Path.Combine(_root.FullName, "provider"));
        using var script = ProgramProcess.Start(
            "unshare",
            [.. MountNamespace.Arguments, "bash", Path.Combine(DayFactAttribute.Repository, "tests", "EndToEnd", "Day", "day.sh")],
            new Dictionary<string, string?>
            {
                ["DAY"] = day,
                ["PROGRAM"] = DayFactAttribute.Program,
                ["CODEX"] = CodexRig.Codex,
                ["PROVIDER"] = Path.Combine(_root.FullName, "provider", "config.toml"),
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

            What `./build.sh day` printed: each step of a day with its commands and their output.
            Ids, times, ports and the numbers of processes are not those that were printed.
            {Shortened(output, day)}
            """
        );
    }

    private static string Shortened(string output, string day)
    {
        var text = output.Replace(day + "/home", "/home/me", StringComparison.Ordinal);
        text = text.Replace(day, "/home/me/day", StringComparison.Ordinal);
        text = Id().Replace(text, "0199…");
        text = Process().Replace(text, "process 4711");
        text = Time().Replace(text, "2026-01-31 08:15:00Z");
        return Port().Replace(text, "127.0.0.1:7400").TrimEnd() + "\n";
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\\b0[0-9a-f]{31}\\b")]
    private static partial Regex Id();

    [GeneratedRegex("process [0-9]+")]
    private static partial Regex Process();

    [GeneratedRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|\\+00:00)?")]
    private static partial Regex Time();

    [GeneratedRegex("127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Port();
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
