using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>Where the drivers work: the model, and a directory and a home of codex for each driver.</summary>
/// <param name="options">What is measured.</param>
/// <param name="model">The model.</param>
internal sealed class WarmStage(WarmOptions options, ModelProcess model) : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("plexum-warm-");
    private readonly ConcurrentDictionary<string, Lazy<string>> _homes = new();

    /// <summary>What is measured.</summary>
    public WarmOptions Options => options;

    /// <summary>A directory for a driver.</summary>
    public string PlaceOf(string driver) => _place.CreateSubdirectory(driver).FullName;

    /// <summary>The workspace of an agent of a driver.</summary>
    public string WorkspaceOf(string driver, string agent) => _place.CreateSubdirectory(Path.Combine(driver, "work", agent)).FullName;

    /// <summary>What a driver's processes have in their environment, codex's home among it.</summary>
    public Dictionary<string, string?> VariablesOf(string driver) =>
        new() { ["CODEX_HOME"] = _homes.GetOrAdd(driver, _ => new Lazy<string>(() => NewHome(driver))).Value, ["HOME"] = PlaceOf(driver) };

    /// <summary>Starts a program that belongs to a driver.</summary>
    public Process Start(string driver, string program, IEnumerable<string> arguments, string directory, bool withErrors = true)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = !withErrors,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in VariablesOf(driver))
        {
            start.Environment[name] = value;
        }

        start.Environment["CODEX_PATH"] = options.Codex;
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        try
        {
            _place.Delete(recursive: true);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"{_place.FullName} was left: {e.Message}");
        }
    }

    private string NewHome(string driver)
    {
        var home = Path.Combine(PlaceOf(driver), "codex-home");
        model.Provider.WriteConfig(home);
        if (options.HasDefaults)
        {
            var config = Path.Combine(home, "config.toml");
            File.WriteAllLines(config, [.. File.ReadLines(config).Where(line => !line.StartsWith("features.", StringComparison.Ordinal))]);
        }

        return home;
    }
}
