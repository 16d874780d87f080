using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Commands.Upkeep;

public sealed class ConfigCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_setting_is_shown_with_its_value_and_where_it_comes_from()
    {
        WriteSettings("\nplexum.turns.timeout = 7m\nplexum.codex.extra-args = [\"-c\", \"x.api_key=planted-secret\"]\n");
        _stage["PLEXUM_TURNS_QUEUE_LIMIT"] = "11";

        var shown = await _stage.RunAsync("config", "show", "--json", "--set", "log.level=debug");

        Assert.True(shown.ExitCode == 0, shown.Errors);
        var settings = JsonNode.Parse(shown.Output)!["settings"]!
            .AsArray()
            .ToDictionary(setting => (string)setting!["key"]!, setting => setting!);
        Assert.Equal(("7m", "file"), Of("turns.timeout"));
        Assert.EndsWith("plexum-codex.hocon, line 2", (string)settings["turns.timeout"]["place"]!, StringComparison.Ordinal);
        Assert.Equal(("11", "environment"), Of("turns.queue-limit"));
        Assert.Equal(("debug", "command_line"), Of("log.level"));
        Assert.Equal("default", Of("turns.interrupt-grace").Origin);
        Assert.DoesNotContain("planted-secret", shown.Output, StringComparison.Ordinal);

        (string Value, string Origin) Of(string key) => ((string)settings[key]["value"]!, (string)settings[key]["origin"]!);
    }

    [Fact]
    public async Task A_check_names_every_mistake_with_its_line_and_exits_with_1()
    {
        WriteSettings("plexum.turns.timeout = 7\nplexum.no.such.key = 1\n");

        var own = await _stage.RunAsync("config", "check");
        File.WriteAllText(_stage.File("other.hocon"), "plexum.turns.timeout = 7m\n");
        var other = await _stage.RunAsync("config", "check", _stage.File("other.hocon"));
        var missing = await _stage.RunAsync("config", "check", _stage.File("nowhere.hocon"));

        Assert.Equal((1, 0, 1), (own.ExitCode, other.ExitCode, missing.ExitCode));
        Assert.Contains("line 1", own.Errors, StringComparison.Ordinal);
        Assert.Contains("line 2", own.Errors, StringComparison.Ordinal);
        Assert.Contains("other.hocon", other.Output, StringComparison.Ordinal);
    }

    private void WriteSettings(string text)
    {
        Directory.CreateDirectory(_stage.Profile);
        File.WriteAllText(Path.Combine(_stage.Profile, "plexum-codex.hocon"), text);
    }
}
