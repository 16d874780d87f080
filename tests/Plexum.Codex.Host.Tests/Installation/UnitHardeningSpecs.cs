using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Installation;

public sealed partial class UnitHardeningSpecs : IDisposable
{
    private static readonly string[] Lines = UnitHardening.Text.Split('\n');

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_page_about_security_lists_the_lines_of_the_unit_and_no_others()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "security.md"));

        Assert.Equal(Lines.Where(IsSetting), Rows().Matches(page).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Every_line_has_its_reason_above_it()
    {
        foreach (var (index, line) in Lines.Index().Where(line => IsSetting(line.Item)))
        {
            Assert.True(Lines[index - 1].StartsWith("# ", StringComparison.Ordinal), $"{line} stands there without a reason.");
        }
    }

    [Fact]
    public void The_lines_are_the_unit_s_and_the_token_is_an_example_only()
    {
        var unit = new ServiceUnit("/opt/plexum-codex", []).Render();

        Assert.Contains("\n[Install]\n", unit, StringComparison.Ordinal);
        Assert.True(
            unit.IndexOf("[Service]\n", StringComparison.Ordinal) < unit.IndexOf(UnitHardening.Text, StringComparison.Ordinal)
                && unit.IndexOf(UnitHardening.Text, StringComparison.Ordinal) < unit.IndexOf("\n[Install]\n", StringComparison.Ordinal)
        );
        Assert.Contains("\n#LoadCredential=molecule-token:", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("\nLoadCredential", unit, StringComparison.Ordinal);
    }

    [SystemdFact]
    public async Task Systemd_finds_the_unit_less_exposed_than_without_these_lines()
    {
        var unit = new ServiceUnit("/bin/true", []).Render();

        var after = await ExposureAsync("after", unit);
        var before = await ExposureAsync("before", unit.Replace(UnitHardening.Text, "", StringComparison.Ordinal));

        Assert.True(after < before, string.Create(CultureInfo.InvariantCulture, $"{after} after, {before} before"));
    }

    private async Task<double> ExposureAsync(string name, string unit)
    {
        var file = _directory.Write($"{name}.service", unit);
        var start = new ProcessStartInfo("systemd-analyze", ["security", "--offline=true", "--no-pager", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var analyze = Process.Start(start)!;
        var errors = analyze.StandardError.ReadToEndAsync();
        var output = await analyze.StandardOutput.ReadToEndAsync();
        await analyze.WaitForExitAsync();
        var level = Level().Match(output);
        Assert.True(level.Success, output + await errors);
        return double.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static bool IsSetting(string line) => line.Length > 0 && line[0] != '#';

    // The rows of one table: the only ones whose first column is a setting with its value.
    [GeneratedRegex(@"^\| `([A-Z][A-Za-z]+=[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"exposure level for .*: ([0-9]+\.[0-9]+) ")]
    private static partial Regex Level();

    /// <summary>A test with systemd's own judgement. It is skipped, with the reason, where there is none.</summary>
    private sealed class SystemdFactAttribute : FactAttribute
    {
        public SystemdFactAttribute() => Skip = JudgesFiles() ? null : "There is no systemd-analyze of version 250 or newer here.";

        private static bool JudgesFiles()
        {
            try
            {
                using var help = Process.Start(new ProcessStartInfo("systemd-analyze", "--help") { RedirectStandardOutput = true })!;
                return help.StandardOutput.ReadToEnd().Contains("--offline", StringComparison.Ordinal);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
