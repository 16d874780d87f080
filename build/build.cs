#:property PublishAot=false
#:property Nullable=enable

// The one build program behind build.sh and build.ps1.
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

const string Configuration = "Release";
const string Solution = "Plexum.Codex.sln";
string[] help =
[
    "usage: build TARGET [ARGUMENTS]",
    "  test [PROJECT-NAME…]   build everything and run the tests, all of them or those of the named projects",
    "  demo [ARGUMENTS]       build everything and run the demonstration: the real codex, no account needed",
    "  bench [ARGUMENTS]      build and run the benchmarks; the arguments go to them",
    "  publish                put the program into .build/publish, with all that it needs of .NET, and the relay in native code; the",
    "                         folder is a plugin of Plexum's too, and install.sh in it puts it into a profile",
    "  codex                  install the codex CLI that the demonstration and the tests run, if it is not there",
    "  build                  build everything",
    "Arguments that start with -p: go to every build.",
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
    "publish" => Publish(),
    "demo" => Demo(rest),
    "codex" => InstallCodex(),
    _ => Usage(),
};

int Usage()
{
    foreach (var line in help) Console.Error.WriteLine(line);
    return 2;
}

int Build() => Dotnet(["build", Solution, "-c", Configuration, "--nologo", "-v", "quiet", "-clp:NoSummary", .. properties]);

int Bench(string[] arguments) => Dotnet(["run", "-c", Configuration, "--project", "bench/Plexum.Codex.Bench", "--verbosity", "quiet", .. properties, "--", .. arguments]);

int Publish()
{
    var published = Dotnet(["publish", "src/Plexum.Codex.Host", "-c", Configuration, "--nologo", "-v", "quiet", "--output", ".build/publish",
        "--self-contained", "--use-current-runtime", "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", .. properties]);
    return published != 0 ? published : PublishRelay(".build/publish") | PublishPlugin(".build/publish");
}

// The folder is a plugin of Plexum's as it is, and can be copied. The second executable is the small one that starts the program, under the
// plugin's name; all else is shared.
int PublishPlugin(string folder)
{
    File.Copy($"{folder}/plexum-codex", $"{folder}/plexum-openai-provider-plugin", overwrite: true);
    File.Copy("build/install.sh", $"{folder}/install.sh", overwrite: true);
    using var manifest = Process.Start(new ProcessStartInfo($"{folder}/plexum-codex", ["install-plugin", "--manifest"]) { RedirectStandardOutput = true })!;
    File.WriteAllText($"{folder}/manifest.json", manifest.StandardOutput.ReadToEnd());
    manifest.WaitForExit();
    return manifest.ExitCode;
}

// The relay that codex starts in every turn, in native code. Without it the program does the same itself, only more slowly, so a machine
// without a C compiler is no reason to fail. Its intermediate files lie apart from those of ordinary builds, which restore other packages.
int PublishRelay(string folder)
{
    const string Name = "plexum-codex-mcp-host";
    var own = Path.GetFullPath(".build/mcp-host");
    var compiler = File.Exists("/usr/bin/clang") ? "clang" : "gcc";
    var status = Dotnet(["publish", "src/Plexum.Codex.McpHost", "-c", Configuration, "--nologo", "-v", "quiet", "--output", $"{own}/out", "--use-current-runtime",
        "-p:AheadOfTime=true", $"-p:CppCompilerAndLinker={compiler}", $"-p:BaseIntermediateOutputPath={own}/obj/", $"-p:BaseOutputPath={own}/bin/"]);
    if (status == 0)
    {
        File.Copy($"{own}/out/{Name}", $"{folder}/{Name}", overwrite: true);
    }
    else
    {
        Console.Error.WriteLine($"{Name} could not be compiled ahead of time; the reason stands above. {folder} works without it: plexum-codex relays itself.");
    }

    return 0;
}

int Demo(string[] arguments)
{
    var ready = InstallCodex() | Build();
    return ready != 0
        ? ready
        : Run("dotnet", ["run", "--no-build", "-c", Configuration, "--project", "src/Plexum.Codex.Host", "--", "demo", .. arguments]);
}

int Test(string[] names)
{
    var projects = TestProjects(names).ToArray();
    var missing = (projects.Any(project => Says(project, "<UsesCodexCli>true</UsesCodexCli>")) && InstallCodex() != 0)
        || (projects.Any(project => Says(project, "<UsesMcpInspector>true</UsesMcpInspector>")) && InstallInspector() != 0);
    var built = missing ? 1 : Build();
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
    foreach (var project in projects)
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

static bool Says(string project, string property) => File.ReadAllText(project).Contains(property, StringComparison.Ordinal);

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

// Installs what tests/codex-cli/package-lock.json pins, unless it is there already. npm counts the package with the
// native binary as optional and exits 0 without it, hence the second look.
static int InstallCodex()
{
    const string folder = "tests/codex-cli";
    var pinned = VersionIn($"{folder}/package-lock.json", "@openai/codex");
    if (pinned is not null && pinned == InstalledCodex(folder))
    {
        return 0;
    }

    Console.WriteLine($"Installing codex {pinned} into {folder}/node_modules …");
    var status = Npm(folder);
    if (status == 0 && pinned == InstalledCodex(folder))
    {
        return 0;
    }

    Console.Error.WriteLine(status == 0
        ? $"npm installed no codex binary for this platform in {folder}; see {folder}/package-lock.json for those there are."
        : $"codex {pinned} could not be installed in {folder} (npm ci gave {status}); the reason stands above.");
    return 1;
}

// The MCP Inspector, whose command line the tests drive the plugin with.
static int InstallInspector()
{
    const string folder = "tests/mcp-inspector";
    const string package = "@modelcontextprotocol/inspector";
    var pinned = VersionIn($"{folder}/package-lock.json", package);
    if (pinned == VersionIn($"{folder}/node_modules/.package-lock.json", package))
    {
        return 0;
    }

    Console.WriteLine($"Installing the MCP Inspector {pinned} into {folder}/node_modules …");
    var status = Npm(folder);
    if (status != 0)
    {
        Console.Error.WriteLine($"The MCP Inspector {pinned} could not be installed in {folder} (npm ci gave {status}); the reason stands above.");
    }

    return status;
}

static int Npm(string folder) =>
    Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--prefix", folder, "--no-progress", "--loglevel=error"]);

static string? InstalledCodex(string folder)
{
    var packages = $"{folder}/node_modules/@openai";
    var binaries = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 };
    return Directory.Exists(packages)
        && Directory.EnumerateFiles(packages, OperatingSystem.IsWindows() ? "codex.exe" : "codex", binaries).Any()
            ? VersionIn($"{folder}/node_modules/.package-lock.json", "@openai/codex")
            : null;
}

static string? VersionIn(string lockfile, string package)
{
    if (!File.Exists(lockfile))
    {
        return null;
    }

    using var document = JsonDocument.Parse(File.ReadAllBytes(lockfile));
    return document.RootElement.GetProperty("packages").TryGetProperty($"node_modules/{package}", out var found)
        ? found.GetProperty("version").GetString()
        : null;
}

static int Dotnet(string[] arguments) => Run("dotnet", arguments);

static int Run(string program, string[] arguments)
{
    try
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }
    catch (Win32Exception missing)
    {
        Console.Error.WriteLine(program == "dotnet"
            ? $"The dotnet command could not be started ({missing.Message}); install the SDK that global.json names."
            : $"{program} could not be started ({missing.Message}); install Node.js 16 or newer, which brings npm, and try again.");
        return 127;
    }
}
