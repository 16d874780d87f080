namespace Plexum.Codex.Host.Configuration;

public sealed class PluginConfigSpecs : IDisposable
{
    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void The_four_keys_of_the_Go_plugin_are_read()
    {
        var config = Read(
            """
            {
              // comments were never forbidden
              "binary": "~/bin/codex",
              "extra_args": ["-c", "a=\"b\""],
              "supported_models": ["gpt-5", "codex"],
              "model_args": {"gpt-5": "gpt-5-codex", "none": ""}
            }
            """
        );

        Assert.Equal("~/bin/codex", config.Binary);
        Assert.Equal(["-c", "a=\"b\""], config.ExtraArgs!.Value.AsEnumerable());
        Assert.Equal(["gpt-5", "codex"], config.SupportedModels!.Value.AsEnumerable());
        Assert.Equal(("gpt-5-codex", ""), (config.ModelArgs!["gpt-5"], config.ModelArgs["none"]));
        Assert.Empty(config.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("{}")]
    [InlineData("""{"binary":null,"extra_args":null,"supported_models":null,"model_args":null}""")]
    public void A_file_that_says_nothing_leaves_all_settings_alone(string json)
    {
        var config = Read(json);

        Assert.Equal((null, null, null, null), (config.Binary, config.ExtraArgs, config.SupportedModels, config.ModelArgs));
    }

    [Fact]
    public void A_missing_file_says_nothing() => Assert.Null(PluginConfig.Load(_test.Profile.PluginConfigFile).Binary);

    [Fact]
    public void Unknown_keys_are_warnings_with_their_line() =>
        Assert.Equal(
            [$"{_test.Profile.PluginConfigFile}, line 3: the key \"timeout\" is unknown and ignored."],
            Read("{\n \"binary\": \"codex\",\n \"timeout\": 5\n}").Warnings.AsEnumerable()
        );

    [Fact]
    public void Every_value_of_the_wrong_kind_is_told_with_its_line()
    {
        var problems = Problems(
            """
            {
              "binary": 5,
              "extra_args": "--json",
              "supported_models": ["gpt-5",
                 null],
              "model_args": { "a": [] }
            }
            """
        );

        Assert.Collection(
            problems,
            p => Assert.Matches(@", line 2, column \d+: binary must be a string\.$", p),
            p => Assert.Matches(@", line 3, column \d+: extra_args must be a list of strings\.$", p),
            p => Assert.Matches(@", line 5, column \d+: supported_models\[1\] must be a string\.$", p),
            p => Assert.Matches(@", line 6, column \d+: model_args\.a must be a string\.$", p)
        );
    }

    [Theory]
    [InlineData("{\n  \"binary\": \"codex\"\n  \"extra_args\": []\n}", 3)]
    [InlineData("{\n  \"binary\": \"codex\"", 2)]
    [InlineData("[\"codex\"]", 1)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{\n \"binary\": \"a\",\n \"binary\": \"b\"\n}", 3)]
    public void What_is_no_JSON_object_is_told_with_its_line(string json, int line) =>
        Assert.StartsWith($"{_test.Profile.PluginConfigFile}, line {line}", Assert.Single(Problems(json)), StringComparison.Ordinal);

    private PluginConfig Read(string json)
    {
        _test.WritePluginConfig(json);
        return PluginConfig.Load(_test.Profile.PluginConfigFile);
    }

    private string[] Problems(string json) => [.. Assert.Throws<ConfigurationProblemsException>(() => Read(json)).Problems];
}
