// Nothing publishes this program; without the next line its restore would fetch the ahead-of-time compiler first.
#:property PublishAot=false
#:property Nullable=enable

// The one build program behind build.sh and build.ps1.
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

const string Configuration = "Release";
const string Solution = "Plexum.Codex.sln";

// The codex that the program is made for, and the newest one, which the tests run the same corpus with.
const string PinnedCodex = "tests/codex-cli";
const string NewestCodex = "tests/codex-newest";

// Publishing for one platform restores more than the lock files hold, so it keeps its own.
const string PublishLock = "-p:NuGetLockFilePath=obj/publish.lock.json";
string[] help =
[
    "usage: build TARGET [ARGUMENTS]",
    "  test [PROJECT-NAME…]   build everything and run all tests, or those of the named projects",
    "  demo [ARGUMENTS]       build the program and run the demonstration with the real codex; no account needed",
    "  bench [ARGUMENTS]      build and run the benchmarks with these arguments",
    "  publish                build the self-contained program and the native relay into .build/publish; the folder is also a",
    "                         Plexum plugin, and its install.sh installs it into a profile; plexum-codex.cdx.json lists what it is made of",
    "  day                    publish the program and run an operator's whole day with it; what it prints becomes docs/day.md",
    "  audit                  ask the package sources for known vulnerabilities; exit codes: 0 none, 1 some, 3 a source cannot be asked",
    "  codex [--newest]       install the codex CLIs for the demonstration and the tests, if they are missing; with --newest, move",
    "                         tests/codex-newest to the newest version that npm serves first",
    "  build                  build everything",
    "  format                 format the sources",
    "  check                  check format, line lengths, sizes and links; part of test when it runs every project",
    "Arguments that start with -p: are passed to every build.",
];

var properties = args.Where(a => a.StartsWith("-p:", StringComparison.Ordinal)).ToArray();
var rest = args.Where(a => !a.StartsWith("-p:", StringComparison.Ordinal)).Skip(1).ToArray();
Environment.SetEnvironmentVariable("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("DOTNET_NOLOGO", "1");

// A build server restores what the lock files say, or fails.
if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
{
    properties = [.. properties, "-p:RestoreLockedMode=true"];
}

return args.FirstOrDefault() switch
{
    "build" => Build(),
    "format" => CSharpier("format"),
    "check" => Check(),
    "test" => Test(rest),
    "bench" => Bench(rest),
    "publish" => Publish(),
    "day" => Day(),
    "audit" => Dotnet(["run", "build/audit.cs"]),
    "demo" => Demo(rest),
    "codex" when rest is ["--newest"] => MoveToNewestCodex(),
    "codex" when rest is [] => InstallCodexes(),
    _ => Usage(),
};

int Usage()
{
    foreach (var line in help)
        Console.Error.WriteLine(line);
    return 2;
}

int Build(string what = Solution) =>
    Dotnet(["build", what, "-c", Configuration, "--nologo", "-v", "quiet", "-clp:NoSummary", .. properties]);

int Bench(string[] arguments) =>
    Dotnet([
        "run",
        "-c",
        Configuration,
        "--project",
        "bench/Plexum.Codex.Bench",
        "--verbosity",
        "quiet",
        .. properties,
        "--",
        .. arguments,
    ]);

int Publish()
{
    const string Folder = ".build/publish";
    var published = PublishHost(Folder, "--use-current-runtime", "--self-contained", "-p:PublishReadyToRunComposite=true");
    if (published != 0)
    {
        return published;
    }

    if (!IsAsLocked("src/Plexum.Codex.Host") || !PublishRelay(Folder))
    {
        // Nobody is to install it.
        Directory.Delete(Folder, recursive: true);
        Console.Error.WriteLine($"{Folder} was deleted, because it has other packages than the lock files.");
        return 1;
    }

    return PublishInventory(Folder) | PublishPlugin(Folder);
}

int PublishHost(string folder, params string[] more) =>
    PublishTo(folder, "src/Plexum.Codex.Host", ["-p:PublishReadyToRun=true", .. more, .. properties]);

int PublishTo(string folder, string project, params string[] more) =>
    Dotnet(["publish", project, "-c", Configuration, "--nologo", "-v", "quiet", "--output", folder, PublishLock, .. more]);

// From the installation to the restored profile, with the codex of the tests and a model on loopback.
int Day()
{
    var published = Publish();
    if (published != 0 || InstallCodexes() != 0)
    {
        return 1;
    }

    Environment.SetEnvironmentVariable("PLEXUM_DAY", Environment.CurrentDirectory);
    return Dotnet(["test", "tests/EndToEnd", "-c", Configuration, "--nologo", "--filter", "FullyQualifiedName~DaySpecs", .. properties]);
}

// What is in the lock file of the repository and in that of the publishing is the same package.
static bool IsAsLocked(string project)
{
    static Dictionary<string, string> Packages(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document
            .RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("contentHash", out _))
            .DistinctBy(package => package.Name)
            .ToDictionary(
                package => package.Name,
                package => $"{package.Value.GetProperty("resolved")} {package.Value.GetProperty("contentHash")}"
            );
    }

    var published = Packages($"{project}/obj/publish.lock.json");
    var others = Packages($"{project}/packages.lock.json")
        .Where(locked => published.TryGetValue(locked.Key, out var package) && package != locked.Value)
        .Select(locked => $"{locked.Key}: {published[locked.Key]} was published; {project}/packages.lock.json has {locked.Value}.")
        .ToArray();
    foreach (var other in others)
        Console.Error.WriteLine(other);
    return others.Length == 0;
}

// What the folder is made of, for whoever looks for a vulnerable package. The tool knows the packages of the project, and not the .NET
// runtimes, which come with the publishing. Without the time, the same sources give the same file.
int PublishInventory(string folder)
{
    const string Name = "plexum-codex.cdx.json";
    var restored = Dotnet(["tool", "restore", "-v", "quiet"]);
    var status =
        restored != 0
            ? restored
            : Dotnet([
                "CycloneDX",
                "src/Plexum.Codex.Host/Plexum.Codex.Host.csproj",
                "--output",
                folder,
                "--filename",
                Name,
                "--output-format",
                "Json",
                "--set-name",
                "plexum-codex",
                "--exclude-dev",
                "--disable-package-restore",
                "--no-serial-number",
            ]);
    if (status != 0)
    {
        return status;
    }

    var inventory = JsonNode.Parse(File.ReadAllText($"{folder}/{Name}"))!.AsObject();
    inventory["metadata"]?.AsObject().Remove("timestamp");
    var components = inventory["components"]!.AsArray();
    foreach (var runtime in Runtimes($"{folder}/plexum-codex.deps.json").Concat(Runtimes(".build/mcp-host/obj/project.assets.json")))
    {
        var (name, version) = (runtime.Split('/')[0], runtime.Split('/')[1]);
        var place = $"pkg:nuget/{name}@{version}";
        components.Add(
            new JsonObject
            {
                ["type"] = "framework",
                ["bom-ref"] = place,
                ["name"] = name,
                ["version"] = version,
                ["purl"] = place,
            }
        );
    }

    File.WriteAllText($"{folder}/{Name}", inventory.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    return 0;
}

// The packages with a runtime that a program carries in itself, as NAME/VERSION.
static IEnumerable<string> Runtimes(string file)
{
    const string Pack = "runtimepack.";
    if (!File.Exists(file))
    {
        return [];
    }

    using var document = JsonDocument.Parse(File.ReadAllBytes(file));
    return
    [
        .. document
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Select(library => library.Name)
            .Where(name =>
                name.StartsWith(Pack, StringComparison.Ordinal) || name.Contains(".Microsoft.DotNet.ILCompiler/", StringComparison.Ordinal)
            )
            .Select(name => name.StartsWith(Pack, StringComparison.Ordinal) ? name[Pack.Length..] : name),
    ];
}

// The folder is a plugin of Plexum's as it is, and can be copied. The second executable is the small one that starts the program, under the
// plugin's name; all else is shared.
int PublishPlugin(string folder)
{
    File.Copy($"{folder}/plexum-codex", $"{folder}/plexum-openai-provider-plugin", overwrite: true);
    File.Copy("build/install.sh", $"{folder}/install.sh", overwrite: true);
    using var manifest = Process.Start(
        new ProcessStartInfo($"{folder}/plexum-codex", ["install-plugin", "--manifest"]) { RedirectStandardOutput = true }
    )!;
    File.WriteAllText($"{folder}/manifest.json", manifest.StandardOutput.ReadToEnd());
    manifest.WaitForExit();
    return manifest.ExitCode;
}

// The relay that codex starts in every turn, in native code. Without it the program does the same itself, only more slowly, so a machine
// without a C compiler is no reason to fail. Its intermediate files lie apart from those of ordinary builds, which are not ahead of time.
// Returns false if it was made of other packages than the lock file has.
bool PublishRelay(string folder)
{
    const string Name = "plexum-codex-mcp-host";
    var own = Path.GetFullPath(".build/mcp-host");
    var compiler = File.Exists("/usr/bin/clang") ? "clang" : "gcc";
    var status = PublishTo(
        $"{own}/out",
        "src/Plexum.Codex.McpHost",
        "--use-current-runtime",
        "-p:AheadOfTime=true",
        $"-p:CppCompilerAndLinker={compiler}",
        $"-p:BaseIntermediateOutputPath={own}/obj/",
        $"-p:BaseOutputPath={own}/bin/"
    );
    if (status == 0)
    {
        if (!IsAsLocked("src/Plexum.Codex.McpHost"))
        {
            Directory.Delete($"{own}/out", recursive: true);
            return false;
        }

        File.Copy($"{own}/out/{Name}", $"{folder}/{Name}", overwrite: true);
    }
    else
    {
        Console.Error.WriteLine(
            $"{Name} could not be compiled ahead of time; see the error above. {folder} works without it: plexum-codex relays itself."
        );
    }

    return true;
}

int Demo(string[] arguments)
{
    var ready = InstallCodex(PinnedCodex) | Build("src/Plexum.Codex.Host");
    return ready != 0 ? ready : Dotnet([$"src/Plexum.Codex.Host/bin/{Configuration}/net10.0/plexum-codex.dll", "demo", .. arguments]);
}

int Test(string[] names)
{
    var unknown = names.Where(name => !TestProjects([name]).Any()).ToArray();
    if (unknown.Length > 0)
    {
        Console.Error.WriteLine($"There is no test project {string.Join(", ", unknown)}. There are:");
        Console.Error.WriteLine("  " + string.Join("\n  ", TestProjects([]).Select(Path.GetFileNameWithoutExtension)));
        return 1;
    }

    var projects = TestProjects(names).ToArray();
    var missing =
        (projects.Any(project => Says(project, "<UsesCodexCli>true</UsesCodexCli>")) && InstallCodexes() != 0)
        || (projects.Any(project => Says(project, "<UsesMcpInspector>true</UsesMcpInspector>")) && InstallInspector() != 0);
    var built = missing ? 1 : Build();
    if (built != 0)
    {
        return built;
    }

    // For some projects alone, publishing takes longer than it saves.
    var folders = projects.Select(project => Path.Combine(Path.GetDirectoryName(project)!, "bin", Configuration, "net10.0")).ToArray();
    if (names.Length == 0 && CompileAhead(folders) is not 0 and var failed)
    {
        return failed;
    }

    var results = Path.GetFullPath(".build/test-results");
    if (Directory.Exists(results))
    {
        Directory.Delete(results, recursive: true);
    }

    // Hundreds of short processes do not run long enough for it to pay.
    Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");

    // All in one go: a runner of its own costs each project some seconds. The largest first, so that it does not run alone at the end.
    var assemblies = projects
        .OrderByDescending(SizeOf)
        .Select(project =>
            Path.Combine(
                Path.GetDirectoryName(project)!,
                "bin",
                Configuration,
                "net10.0",
                Path.GetFileNameWithoutExtension(project) + ".dll"
            )
        );
    var status = Dotnet([
        "test",
        .. assemblies,
        "--nologo",
        "--blame-hang-timeout",
        "10m",
        "--logger",
        "trx",
        "--results-directory",
        results,
        "--logger",
        "console;verbosity=minimal",
        // The tests of a process mostly wait for it; another project's fill the gaps.
        "--",
        "RunConfiguration.MaxCpuCount=2",
    ]);
    var counts = Count(results);
    status |= names.Length == 0 ? Check() : 0;
    Console.WriteLine(
        counts.Skipped == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{counts.Passed} passed, {counts.Failed} failed")
            : string.Create(CultureInfo.InvariantCulture, $"{counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped")
    );
    return status != 0 || counts.Failed != 0 || counts.Passed == 0 ? 1 : 0;
}

// The tests start hundreds of processes of the program. Compiled ahead of time, as it is published, each takes a third less of the
// processor. The build before has analyzed the same sources. With the platform named, only the program itself is compiled once more for it,
// and not what it refers to.
int CompileAhead(string[] folders)
{
    const string Ahead = ".build/ahead";
    var hosts = folders.Where(folder => File.Exists(Path.Combine(folder, "plexum-codex.dll"))).ToArray();
    if (hosts.Length == 0)
    {
        return 0;
    }

    var published = PublishHost(Ahead, "--runtime", RuntimeInformation.RuntimeIdentifier, "--no-self-contained", "-p:RunAnalyzers=false");
    if (published != 0)
    {
        return published;
    }

    foreach (var library in Directory.EnumerateFiles(Ahead, "*.dll"))
    {
        foreach (var folder in hosts.Where(folder => File.Exists(Path.Combine(folder, Path.GetFileName(library)))))
        {
            File.Copy(library, Path.Combine(folder, Path.GetFileName(library)), overwrite: true);
        }
    }

    return 0;
}

int CSharpier(string command)
{
    var restored = Dotnet(["tool", "restore", "-v", "quiet"]);
    return restored != 0 ? restored : Dotnet(["csharpier", command, "."]);
}

int Check()
{
    var problems = SourceProblems().Concat(LinkProblems()).Concat(PromiseProblems()).ToArray();
    foreach (var problem in problems)
        Console.Error.WriteLine(problem);
    return CSharpier("check") | (problems.Length == 0 ? 0 : 1);
}

static IEnumerable<string> Files(string pattern) =>
    Directory
        .EnumerateFiles(".", pattern, new EnumerationOptions { RecurseSubdirectories = true })
        .Select(file => file[2..].Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "node_modules" or ".build"))
        .Order(StringComparer.Ordinal);

static IEnumerable<string> SourceProblems()
{
    const int Columns = 140;
    const int ClassLines = 400;
    const int FolderFiles = 15;
    var sources = Files("*.cs").Select(file => (File: file, Lines: File.ReadAllLines(file))).ToArray();
    var tooLong = sources.SelectMany(source =>
        source
            .Lines.Index()
            .Where(line => line.Item.Length > Columns)
            .Select(line => $"{source.File}:{line.Index + 1}: the line has {line.Item.Length} characters; the limit is {Columns}.")
    );
    var program = sources.Where(source => source.File.StartsWith("src/", StringComparison.Ordinal)).ToArray();
    var tooBig = program
        .GroupBy(source => source.File[..source.File.LastIndexOf('/')] + "/" + Path.GetFileName(source.File).Split('.')[0])
        .Where(parts => parts.Sum(part => part.Lines.Length) > ClassLines)
        .Select(parts =>
            $"{parts.Key}: the class has {parts.Sum(part => part.Lines.Length)} lines in all its files; the limit is {ClassLines}."
        );
    var tooMany = program
        .GroupBy(source => Path.GetDirectoryName(source.File))
        .Where(folder => folder.Count() > FolderFiles)
        .Select(folder => $"{folder.Key}: the folder has {folder.Count()} files; the limit is {FolderFiles}.");
    return tooLong.Concat(tooBig).Concat(tooMany);
}

// A link of a document leads to a file that is there, and to a heading that is in it.
static IEnumerable<string> LinkProblems()
{
    var documents = Files("*.md").ToArray();
    foreach (var document in documents)
    {
        foreach (Match link in Regex.Matches(File.ReadAllText(document), @"(?<!\!)\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)"))
        {
            var (path, heading) = (link.Groups[1].Value, link.Groups[2].Value);
            var target = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document) ?? "", path);
            if (!File.Exists(target) && !Directory.Exists(target))
            {
                yield return $"{document}: the link {link.Groups[0].Value[1..]} leads to no file.";
            }
            else if (heading.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && !Headings(target).Contains(heading))
            {
                yield return $"{document}: the link {link.Groups[0].Value[1..]} leads to no heading.";
            }
        }
    }
}

// A promise of docs/security.md has a spec of its number, and a spec with a number keeps a promise.
static IEnumerable<string> PromiseProblems()
{
    const string Page = "docs/security.md";
    static HashSet<string> Numbers(IEnumerable<string> texts, string pattern) =>
        [.. texts.SelectMany(text => Regex.Matches(text, pattern, RegexOptions.Multiline)).Select(match => match.Groups[1].Value)];
    var promised = Numbers([File.ReadAllText(Page)], @"^\* \*\*(S[0-9]+)\*\* ");
    var tested = Numbers(
        Files("*.cs").Where(file => file.StartsWith("tests/", StringComparison.Ordinal)).Select(File.ReadAllText),
        @"^    public .* (S[0-9]+)_\w+\("
    );
    return promised
        .Except(tested)
        .Select(number => $"{Page}: no spec has the number {number}.")
        .Concat(tested.Except(promised).Select(number => $"{Page}: the number {number} of a spec is missing."));
}

static IEnumerable<string> Headings(string document) =>
    File.ReadLines(document)
        .Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

static IEnumerable<string> TestProjects(string[] names) =>
    Directory
        .EnumerateFiles("tests", "*.csproj", SearchOption.AllDirectories)
        .Where(file => File.ReadAllText(file).Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal))
        .Where(file => names.Length == 0 || names.Contains(Path.GetFileNameWithoutExtension(file)))
        .Order(StringComparer.Ordinal);

static long SizeOf(string project) =>
    new DirectoryInfo(Path.GetDirectoryName(project)!).EnumerateFiles("*.cs", SearchOption.AllDirectories).Sum(file => file.Length);

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

static int InstallCodexes() => InstallCodex(PinnedCodex) | InstallCodex(NewestCodex);

// Writes the newest version into the folder's package.json and lockfile, and installs it.
static int MoveToNewestCodex()
{
    var status = Npm(NewestCodex, "install", "--package-lock-only", "--save-exact", "@openai/codex@latest");
    if (status != 0)
    {
        Console.Error.WriteLine($"npm could not write {NewestCodex}/package-lock.json (npm install gave {status}); see the error above.");
        return status;
    }

    return InstallCodex(NewestCodex);
}

// Installs what a folder's package-lock.json pins, unless it is there already. npm counts the package with the
// native binary as optional and exits 0 without it, hence the second look.
static int InstallCodex(string folder)
{
    var pinned = VersionIn($"{folder}/package-lock.json", "@openai/codex");
    if (pinned is not null && pinned == InstalledCodex(folder))
    {
        return 0;
    }

    Console.WriteLine($"Installing codex {pinned} into {folder}/node_modules …");
    var status = Npm(folder, "ci");
    if (status == 0 && pinned == InstalledCodex(folder))
    {
        return 0;
    }

    Console.Error.WriteLine(
        status == 0
            ? $"npm installed no codex binary for this platform in {folder}; see {folder}/package-lock.json for those there are."
            : $"codex {pinned} could not be installed in {folder} (npm ci gave {status}); see the error above."
    );
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
    var status = Npm(folder, "ci");
    if (status != 0)
    {
        Console.Error.WriteLine(
            $"The MCP Inspector {pinned} could not be installed in {folder} (npm ci gave {status}); see the error above."
        );
    }

    return status;
}

static int Npm(string folder, params string[] command) =>
    Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", [.. command, "--prefix", folder, "--no-progress", "--loglevel=error"]);

static string? InstalledCodex(string folder)
{
    var packages = $"{folder}/node_modules/@openai";
    var binaries = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 };
    return
        Directory.Exists(packages)
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
        Console.Error.WriteLine(
            program == "dotnet"
                ? $"The dotnet command could not be started ({missing.Message}); install the SDK that global.json names."
                : $"{program} could not be started ({missing.Message}); install Node.js 16 or newer, which brings npm, and try again."
        );
        return 127;
    }
}
