namespace Plexum.Codex.Host.Configuration;

public sealed class ConfigurationProblemsSpecs : IDisposable
{
    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void All_mistakes_of_all_sources_are_told_at_once()
    {
        _test.WriteSettings("plexum.turns.timeout = soon");
        _test.WritePluginConfig("""{"binary": 5}""");
        _test.Variables["PLEXUM_TURNS_QUEUE_LIMIT"] = "-1";

        var problems = _test.Problems("codex.sandbox=maybe", "nonsense");

        Assert.Equal(5, problems.Length);
        Assert.Contains(problems, p =>
            p.StartsWith($"{_test.Profile.SettingsFile}, line 1: plexum.turns.timeout must be a duration", StringComparison.Ordinal)
        );
        Assert.Contains(problems, p => p.StartsWith($"{_test.Profile.PluginConfigFile}, line 1, column ", StringComparison.Ordinal));
        Assert.Contains(problems, p =>
            p.StartsWith(
                "PLEXUM_TURNS_QUEUE_LIMIT: plexum.turns.queue-limit must be a whole number, 1 or more; it is \"-1\"",
                StringComparison.Ordinal
            )
        );
        Assert.Contains(problems, p =>
            p.StartsWith(
                "--set codex.sandbox: plexum.codex.sandbox must be one of none, workspace-write, read-only",
                StringComparison.Ordinal
            )
        );
        Assert.Contains(problems, p => p.StartsWith("--set nonsense: give a key and a value", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_parsed_does_not_hide_the_other_mistakes()
    {
        _test.WriteSettings("plexum {\n  turns { timeout = 5m }, x = 1\n}\n");
        _test.WritePluginConfig("{\n  \"binary\": \n}");

        var problems = _test.Problems("turns.timeout=soon");

        Assert.Equal(3, problems.Length);
        Assert.StartsWith(_test.Profile.SettingsFile, problems[0], StringComparison.Ordinal);
        Assert.StartsWith($"{_test.Profile.PluginConfigFile}, line 3", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_key_is_an_error_with_its_line()
    {
        _test.WriteSettings(
            """
            # a comment { with a brace
            plexum {
              turns {
                timeout = 5m # as before
                timeuot = 5m
              }
            }
            colour = red
            """
        );

        Assert.Equal(
            [
                $"{_test.Profile.SettingsFile}, line 5: the key plexum.turns.timeuot is unknown; config/akka.hocon lists all keys.",
                $"{_test.Profile.SettingsFile}, line 8: the key colour is unknown; config/akka.hocon lists all keys.",
            ],
            _test.Problems()
        );
    }

    [Fact]
    public void An_unknown_key_with_a_dot_is_told_in_quotes_and_with_its_line()
    {
        _test.WriteSettings("plexum.turns {\n  \"time.out\" = 5m\n}");

        Assert.Equal(
            $"{_test.Profile.SettingsFile}, line 2: the key plexum.turns.\"time.out\" is unknown; config/akka.hocon lists all keys.",
            Assert.Single(_test.Problems())
        );
    }

    [Fact]
    public void A_section_where_a_value_belongs_is_one_mistake_with_its_line()
    {
        _test.WriteSettings("\nplexum.turns.timeout.most = 5m");

        Assert.Equal(
            $"{_test.Profile.SettingsFile}, line 2: plexum.turns.timeout must be a value, not a section.",
            Assert.Single(_test.Problems())
        );
    }

    [Theory]
    [InlineData("model-args { a = null }", "plexum.codex.model-args must be an object of strings")]
    [InlineData("extra-args = [a, null]", "plexum.codex.extra-args must be a list of strings")]
    [InlineData("binary = null", "plexum.codex.binary must be a non-empty string; it is null.")]
    public void Null_is_no_text(string setting, string problem)
    {
        _test.WriteSettings($"plexum.codex {{ {setting} }}");

        Assert.StartsWith($"{_test.Profile.SettingsFile}, line 1: {problem}", Assert.Single(_test.Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("removed-variables")]
    [InlineData("hidden-variables")]
    public void S14_A_pattern_that_is_not_understood_is_refused(string key)
    {
        _test.WriteSettings($"plexum.codex {{ {key} = [\"FINE_*\", \"AWS_[A-Z]*\"] }}");

        Assert.StartsWith(
            $"{_test.Profile.SettingsFile}, line 1: plexum.codex.{key}: The pattern \"AWS_[A-Z]*\" is not understood: ",
            Assert.Single(_test.Problems()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Patterns_among_the_extra_arguments_that_would_be_replaced_are_refused()
    {
        var arguments = "codex.extra-args=[\"-c\", \"shell_environment_policy.exclude=['A']\"]";

        Assert.Contains("plexum.codex.hidden-variables", Assert.Single(_test.Problems(arguments)), StringComparison.Ordinal);
        Assert.Equal(2, _test.Load(arguments, "codex.hidden-variables=[]").Exec.ExtraArgs.Length);
    }

    [Fact]
    public void An_assignment_of_an_unknown_key_is_an_error() =>
        Assert.Contains(
            "--set turns.timeuot: the key plexum.turns.timeuot is unknown",
            Assert.Single(_test.Problems("turns.timeuot=5m")),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_value_where_a_section_belongs_is_one_mistake()
    {
        _test.WriteSettings("plexum.turns = 5");

        Assert.Equal(
            $"{_test.Profile.SettingsFile}, line 1: plexum.turns must be a section, with its keys in braces.",
            Assert.Single(_test.Problems())
        );
    }

    [Theory]
    [InlineData("turns.timeout=10")]
    [InlineData("turns.timeout=0s")]
    [InlineData("turns.timeout=-5s")]
    [InlineData("turns.timeout=infinite")]
    [InlineData("turns.timeout=99999d")]
    [InlineData("turns.waiting-notice=never")]
    [InlineData("turns.waiting-notice=0s")]
    [InlineData("turns.queue-limit=0")]
    [InlineData("turns.queue-limit=many")]
    [InlineData("turns.queue-limit=99999999999")]
    [InlineData("turns.max-stderr=1")]
    [InlineData("turns.max-stderr=plenty")]
    [InlineData("codex.binary=")]
    [InlineData("codex.extra-args=--oops")]
    [InlineData("codex.extra-args={ a = b }")]
    [InlineData("codex.model-args=gpt-5")]
    [InlineData("log.level=loud")]
    [InlineData("log.kept-files=0")]
    [InlineData("log.max-file=1KiB")]
    public void A_value_that_cannot_be_used_is_told_with_its_key(string assignment)
    {
        var key = assignment[..assignment.IndexOf('=', StringComparison.Ordinal)];

        Assert.Contains($"--set {key}: plexum.{key} must be ", Assert.Single(_test.Problems(assignment)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_a_directory_is_told()
    {
        Directory.CreateDirectory(_test.Profile.SettingsFile);
        Directory.CreateDirectory(_test.Profile.PluginConfigFile);

        Assert.All(_test.Problems(), problem => Assert.Contains("is a directory", problem, StringComparison.Ordinal));
        Assert.Equal(2, _test.Problems().Length);
    }
}
