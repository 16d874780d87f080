using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.CodexConfig;

public sealed class ShellPolicySpecs : IDisposable
{
    private static readonly TurnId Turn = TurnId.Parse("t1");

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_turn_s_own_variables_stay_whatever_is_hidden() =>
        Assert.Equal(
            [
                "shell_environment_policy.exclude=[\"*_TOKEN\",\"PLEXUM_*\"]",
                "shell_environment_policy.set.PLEXUM_CODEX_TURN=\"t1\"",
                "shell_environment_policy.set.PLEXUM_CODEX_COMMAND=\"t1\"",
            ],
            ShellPolicy.Overrides(VariablePatterns.Of("*_TOKEN", "PLEXUM_*"), Turn, _home.Root).AsEnumerable()
        );

    [Theory]
    [InlineData("[shell_environment_policy]\ninherit = \"all\"\nexclude = [\n  \"MINE\", # a comment\n  'OURS',\n]\n")]
    [InlineData("shell_environment_policy = { exclude = [\"MINE\", \"OURS\"] }\n")]
    [InlineData("shell_environment_policy.exclude = [\"MINE\", \"OURS\"]\n[shell_environment_policy.set]\nA = \"1\"\n")]
    public void What_the_user_hides_stays_hidden(string config)
    {
        _home.Write("config.toml", config);

        var overrides = ShellPolicy.Overrides(VariablePatterns.Of("*_TOKEN", "MINE"), Turn, _home.Root);

        Assert.Equal("shell_environment_policy.exclude=[\"*_TOKEN\",\"MINE\",\"OURS\"]", overrides[0]);
    }

    [Fact]
    public void Without_patterns_the_user_s_policy_holds_alone()
    {
        _home.Write("config.toml", "this is = not TOML = at all");

        Assert.Equal(
            ["shell_environment_policy.set.PLEXUM_CODEX_TURN=\"t1\"", "shell_environment_policy.set.PLEXUM_CODEX_COMMAND=\"t1\""],
            ShellPolicy.Overrides(VariablePatterns.None, Turn, _home.Root).AsEnumerable()
        );
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_said_and_not_passed_over()
    {
        var path = _home.Write("config.toml", "this is = not TOML = at all");

        var problem = Assert.Throws<CodexConfigException>(() => ShellPolicy.Overrides(VariablePatterns.Of("A"), Turn, _home.Root));

        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, "-c", "shell_environment_policy.exclude=[\"A\"]")]
    [InlineData(true, "--config=shell_environment_policy={exclude=[\"A\"]}")]
    [InlineData(false, "-c", "shell_environment_policy.ignore_default_excludes=false")]
    [InlineData(false, "-c", "shell_environment_policy.set.A=\"1\"")]
    [InlineData(false, "--exclude")]
    public void A_list_of_the_user_s_among_the_arguments_is_noticed(bool expected, params string[] arguments) =>
        Assert.Equal(expected, ShellPolicy.IsIn([.. arguments]));
}
