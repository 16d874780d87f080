#:property PublishAot=false
#:property Nullable=enable

// The one build program behind build.sh and build.ps1.
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

const string Configuration = "Release";
const string Solution = "Plexum.Codex.sln";
string[] help =
[
    "usage: build TARGET [ARGUMENTS]",
    "  test [PROJECT-NAME…]   build everything and run the tests, all of them or those of the named projects",
    "  bench [ARGUMENTS]      build and run the benchmarks of the actor runtime; the arguments go to them",
    "  build                  build everything",
    "Arguments that start with -p: go to every build, for example -p:ActorRuntime=Akka.",
];

var properties = args.Where(a => a.StartsWith("-p:", StringComparison.Ordinal)).ToArray();
var rest = args.Where(a => !a.StartsWith("-p:", StringComparison.Ordinal)).Skip(1).ToArray();
Environment.SetEnvironmentVariable("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("DOTNET_NOLOGO", "1");

return args.FirstOrDefault() switch
{
    "build" => Build(),
    "test" => Test(rest),
    "bench" => Bench(rest),
    _ => Usage(),
};

int Usage()
{
    foreach (var line in help) Console.Error.WriteLine(line);
    return 2;
}

int Build() => Dotnet(["build", Solution, "-c", Configuration, "--nologo", "-v", "quiet", "-clp:NoSummary", .. properties]);

int Bench(string[] arguments)
{
    var built = Build();
    return built != 0
        ? built
        : Dotnet(["run", "--no-build", "-c", Configuration, "--project", "bench/Plexum.ActorKernel.Bench", "--", .. arguments]);
}

int Test(string[] names)
{
    var built = Build();
    if (built != 0)
    {
        return built;
    }

    var results = Path.GetFullPath(".build/test-results");
    if (Directory.Exists(results))
    {
        Directory.Delete(results, recursive: true);
    }

    var status = 0;
    foreach (var project in TestProjects(names))
    {
        status |= Dotnet(["test", project, "--no-build", "-c", Configuration, "--nologo",
            "--blame-hang-timeout", "5m", "--logger", "trx", "--results-directory", results,
            "--logger", "console;verbosity=minimal", .. properties]);
    }

    var counts = Count(results);
    Console.WriteLine(counts.Skipped == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{counts.Passed} passed, {counts.Failed} failed")
        : string.Create(CultureInfo.InvariantCulture, $"{counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped"));
    return status != 0 || counts.Failed != 0 || counts.Passed == 0 ? 1 : 0;
}

static IEnumerable<string> TestProjects(string[] names) =>
    Directory.EnumerateFiles("tests", "*.csproj", SearchOption.AllDirectories)
        .Where(file => File.ReadAllText(file).Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal))
        .Where(file => names.Length == 0 || names.Contains(Path.GetFileNameWithoutExtension(file)))
        .Order(StringComparer.Ordinal);

static (int Passed, int Failed, int Skipped) Count(string folder)
{
    var (passed, failed, skipped) = (0, 0, 0);
    if (!Directory.Exists(folder))
    {
        return default;
    }

    foreach (var file in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories))
    {
        var counters = XDocument.Load(file).Descendants().First(e => e.Name.LocalName == "Counters");
        int Of(string name) => int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
        passed += Of("passed");
        failed += Of("failed") + Of("error") + Of("timeout") + Of("aborted");
        skipped += Of("total") - Of("executed");
    }

    return (passed, failed, skipped);
}

static int Dotnet(string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false })
        ?? throw new InvalidOperationException("The dotnet command could not be started; install the SDK that global.json names.");
    process.WaitForExit();
    return process.ExitCode;
}
