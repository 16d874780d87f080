// Nothing publishes this program; without the next line its restore would fetch the ahead-of-time compiler first.
#:property PublishAot=false
#:property Nullable=enable

// Asks where the packages come from whether any of them has a known vulnerability: build.sh audit.
// Exit codes: 0 none is known, 1 some are known, 3 something could not be asked and nothing else was found.
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

const string Solution = "Plexum.Codex.sln";
const string Workplace = ".build/audit";
const int Sound = 0;
const int Vulnerable = 1;
const int NotAsked = 3;

var lockfiles = Directory
    .EnumerateFiles("tests", "package-lock.json", SearchOption.AllDirectories)
    .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal))
    .Order(StringComparer.Ordinal)
    .Select(file => Path.GetDirectoryName(file)!);
var results = new List<int> { Report($"the NuGet packages of {Solution}", Confirmed(NuGet(Solution), () => NuGet(NuGetCanary()))) };
results.AddRange(lockfiles.Select(folder => Report($"the npm packages of {folder}", Confirmed(Npm(folder), () => Npm(NpmCanary())))));
return results.Contains(Vulnerable) ? Vulnerable : results.Max();

// A source without advisories answers like one that knows of none. So "none" counts only if it knows of an old one.
static Answer Confirmed(Answer answer, Func<Answer> canary)
{
    if (answer.Problem is not null || answer.Found.Length > 0)
    {
        return answer;
    }

    var known = canary();
    return known.Found.Length > 0
        ? answer
        : new Answer([], $"it does not report a vulnerability that is long known{(known.Problem is null ? "" : $" ({known.Problem})")}");
}

static int Report(string what, Answer answer)
{
    Console.WriteLine(
        answer.Problem is not null ? $"??  {what} could not be audited; the source could not be asked: {answer.Problem}"
        : answer.Found.Length > 0 ? $"no  {what} have known vulnerabilities:"
        : $"ok  {what} have no known vulnerability."
    );
    foreach (var found in answer.Found)
        Console.WriteLine($"    {found}");
    return answer.Problem is not null ? NotAsked
        : answer.Found.Length > 0 ? Vulnerable
        : Sound;
}

static Answer NuGet(string project)
{
    var (restored, output, _) = Run("dotnet", ["restore", project, "-v", "quiet", "-p:NuGetAudit=false"]);
    if (restored != 0)
    {
        return new Answer([], FirstLine(output));
    }

    var (status, list, errors) = Run("dotnet", ["list", project, "package", "--vulnerable", "--include-transitive", "--format", "json"]);
    return Read(list, list + errors, status, root =>
        root.GetProperty("projects")
            .EnumerateArray()
            .SelectMany(one => Items(one, "frameworks"))
            .SelectMany(framework => Items(framework, "topLevelPackages").Concat(Items(framework, "transitivePackages")))
            .SelectMany(package => Items(package, "vulnerabilities").Select(vulnerability => NuGetFinding(package, vulnerability)))
    );
}

static string NuGetFinding(JsonElement package, JsonElement vulnerability) =>
    $"{Text(package, "id")} {Text(package, "resolvedVersion")}: {Text(vulnerability, "severity")}, {Text(vulnerability, "advisoryurl")}";

static Answer Npm(string folder)
{
    var program = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
    var (_, output, errors) = Run(program, ["audit", "--package-lock-only", "--json"], folder);

    // It exits with 1 both for a vulnerability and for an error; only an answer has this property.
    return Read(output, errors.Length > 0 ? errors : output, 0, root =>
        root.GetProperty("vulnerabilities")
            .EnumerateObject()
            .Select(one => $"{one.Name} {Text(one.Value, "range")}: {Text(one.Value, "severity")}")
    );
}

static Answer Read(string json, string errors, int status, Func<JsonElement, IEnumerable<string>> find)
{
    try
    {
        using var document = JsonDocument.Parse(json);
        var problem = Items(document.RootElement, "problems").Select(one => Text(one, "text")).FirstOrDefault();
        return status == 0
            ? new Answer([.. find(document.RootElement).Distinct().Order(StringComparer.Ordinal)], null)
            : new Answer([], problem ?? FirstLine(errors));
    }
    catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
    {
        return new Answer([], FirstLine(errors));
    }
}

static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
    parent.TryGetProperty(name, out var items) ? items.EnumerateArray() : [];

static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var text) ? text.ToString() : "?";

// The first line that says something: what follows is where the log is.
static string FirstLine(string output) =>
    output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(line => line.Length > 1)
    ?? "there was no answer";

// Json.NET before 13.0.1 (GHSA-5crp-9r3c-p9vr). The empty files keep the repository's settings away.
static string NuGetCanary()
{
    var folder = Directory.CreateDirectory(Path.Combine(Workplace, "nuget")).FullName;
    foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        File.WriteAllText(Path.Combine(folder, name), "<Project />\n");
    var project = Path.Combine(folder, "Canary.csproj");
    File.WriteAllText(
        project,
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.3" /></ItemGroup>
        </Project>

        """
    );
    return project;
}

// lodash before 4.17.19 (GHSA-p6mc-m468-83gw). Only its name and version are sent.
static string NpmCanary()
{
    var folder = Directory.CreateDirectory(Path.Combine(Workplace, "npm")).FullName;
    const string Root = "\"name\": \"canary\", \"version\": \"1.0.0\", \"dependencies\": { \"lodash\": \"4.17.15\" }";
    File.WriteAllText(Path.Combine(folder, "package.json"), $"{{ {Root} }}\n");
    File.WriteAllText(
        Path.Combine(folder, "package-lock.json"),
        $$"""
        {
          "name": "canary", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
          "packages": { "": { {{Root}} }, "node_modules/lodash": { "version": "4.17.15" } }
        }

        """
    );
    return folder;
}

static (int Status, string Output, string Errors) Run(string program, string[] arguments, string folder = ".")
{
    var start = new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = folder,
    };
    try
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
    catch (Win32Exception missing)
    {
        return (127, "", $"{program} could not be started ({missing.Message}).");
    }
}

// What a source said: which packages are vulnerable, or why it could not say.
internal sealed record Answer(string[] Found, string? Problem);
