using System.Text.Json;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Connections;
using Plexum.Codex.Json;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Processes;
using Plexum.Codex.Retention;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;
using Serilog.Events;

namespace Plexum.Codex.Host.Configuration;

public sealed class ProgramSettingsSpecs : IDisposable
{
    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Without_anything_of_the_user_the_built_in_file_holds()
    {
        var settings = _test.Load();

        Assert.Equal("codex", settings.Binary);
        Assert.Equal(["codex"], settings.SupportedModels.AsEnumerable());
        Assert.Equal(new LogSettings(LogEventLevel.Information, LogEventLevel.Warning, 10 * 1024 * 1024, 5), settings.Log);
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void The_defaults_in_code_are_those_of_the_built_in_file()
    {
        var settings = _test.Load();
        var home = settings.Exec.CodexHome;

        Assert.Equal(JsonSerializer.Serialize(new AgentSettings()), JsonSerializer.Serialize(settings.Agents));
        Assert.Equal(JsonSerializer.Serialize(new ExecSettings { CodexHome = home }), JsonSerializer.Serialize(settings.Exec));
        Assert.Equal(new RolloutSettings { CodexHome = home }, settings.Rollouts);
        Assert.Equal(0, settings.MaxRunning);
        Assert.Equal(new RetentionSettings(), settings.Retention);
        Assert.Equal(new InboxSettings(), settings.Inbox);
        Assert.Equal(new MoleculeSettings(), settings.Molecule);
        Assert.Equal(new ConnectionSettings(), settings.Api.Connections);
        Assert.Equal(JsonValueLimit.Default, settings.Api.MaxBodyElements);
    }

    [Fact]
    public void A_key_may_omit_its_prefix_in_the_file_as_on_the_command_line()
    {
        _test.WriteSettings("codex.sandbox = read-only\nturns { timeout = 1m }\nplexum.turns.queue-limit = 7\n");

        var settings = _test.Load("plexum.rollouts.lock-limit=3s", "log.kept-files=2");

        Assert.Equal(CodexSandbox.ReadOnly, settings.Agents.Sandbox);
        Assert.Equal((TimeSpan.FromMinutes(1), 7), (settings.Agents.TurnTimeout, settings.Agents.QueueLimit));
        Assert.Equal((TimeSpan.FromSeconds(3), 2), (settings.Rollouts.LockLimit, settings.Log.KeptFiles));
    }

    [Fact]
    public void A_key_with_and_without_its_prefix_in_one_file_is_a_mistake()
    {
        _test.WriteSettings("plexum.codex.sandbox = none\ncodex.sandbox = read-only\ncolour = red\n");

        Assert.Contains(_test.Problems(), problem =>
            problem.Contains("line 2: plexum.codex.sandbox is set twice", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_key_that_is_no_section_stays_unknown()
    {
        _test.WriteSettings("codex.sandbox = none\ncolour = red\n");

        Assert.Contains("line 2: the key colour is unknown", Assert.Single(_test.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_value_is_listed_with_where_it_comes_from()
    {
        _test.WriteSettings("\nturns.timeout = 1m\n");
        _test.WritePluginConfig("{\"extra_args\": [\"-c\", \"a=\\\"b\\\"\"]}");
        _test.Variables["PLEXUM_TURNS_QUEUE_LIMIT"] = "9";

        var values = _test.Load("codex.umask=022").Values.ToDictionary(value => value.Name);

        Assert.Equal(("10m", SettingOrigin.Default), (values["molecule.turn-timeout"].Text, values["molecule.turn-timeout"].Origin));
        Assert.Equal(("1m", SettingOrigin.File), (values["turns.timeout"].Text, values["turns.timeout"].Origin));
        Assert.EndsWith("plexum-codex.hocon, line 2", values["turns.timeout"].Source, StringComparison.Ordinal);
        Assert.Equal(
            ("[\"-c\", \"a=\\\"b\\\"\"]", SettingOrigin.File),
            (values["codex.extra-args"].Text, values["codex.extra-args"].Origin)
        );
        Assert.Equal(("9", SettingOrigin.Variable), (values["turns.queue-limit"].Text, values["turns.queue-limit"].Origin));
        Assert.Equal(("022", SettingOrigin.Argument), (values["codex.umask"].Text, values["codex.umask"].Origin));
        Assert.Equal("{}", values["codex.model-args"].Text);
    }

    [Fact]
    public void The_owners_own_token_can_be_done_without()
    {
        Assert.Equal(Path.Combine(_test.Profile.Root, "api-token"), _test.Load().Api.TokenFile);
        Assert.Equal("", _test.Load("api.token-file=").Api.TokenFile);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("off", null)]
    [InlineData("Off", null)]
    public void The_notices_of_waits_come_after_one_time_or_never(string value, int? seconds)
    {
        var settings = _test.Load($"turns.waiting-notice={value}");

        TimeSpan? expected = seconds is { } number ? TimeSpan.FromSeconds(number) : null;
        Assert.Equal((expected, expected), (settings.Agents.WaitingNotice, settings.Exec.WaitingNotice));
    }

    [Fact]
    public void Ages_may_be_longer_than_what_is_waited_for()
    {
        _test.WriteSettings("plexum.retention { turns = 90d, max-size = 2GiB, rows = 3650d }");

        Assert.Equal(
            new RetentionSettings
            {
                Turns = TimeSpan.FromDays(90),
                MaxBytes = 2L * 1024 * 1024 * 1024,
                Rows = TimeSpan.FromDays(3650),
            },
            _test.Load().Retention
        );
    }

    [Fact]
    public void The_user_s_file_goes_over_the_built_in_one()
    {
        _test.WriteSettings("plexum { turns { timeout = 90s, queue-limit = 3 }\n codex.sandbox = read-only }");

        var settings = _test.Load();

        Assert.Equal(
            (TimeSpan.FromSeconds(90), 3, CodexSandbox.ReadOnly),
            (settings.Agents.TurnTimeout, settings.Agents.QueueLimit, settings.Agents.Sandbox)
        );
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Exec.InterruptGrace);
    }

    [Fact]
    public void Roots_are_absolute_paths_or_below_the_user_s_home()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var settings = _test.Load("turns.workspace-roots=[\"/srv/./code/\", \"~/code\"]", "api.turns-may-call=on");

        Assert.Equal(["/srv/code", Path.Combine(home, "code")], settings.Agents.Workspaces.Roots.AsEnumerable());
        Assert.Equal((true, false), (settings.Api.TurnsMayCall, settings.Api.OtherNamespacesMayCall));
        var refused = Assert.Throws<ConfigurationProblemsException>(() => _test.Load("turns.image-roots=[\"pictures\"]"));
        Assert.Contains("turns.image-roots must be a list of absolute paths", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plugin_s_file_goes_over_the_user_s_file()
    {
        _test.WriteSettings(
            "plexum.codex { binary = /from/file, extra-args = [\"--file\"], supported-models = [\"file\"], model-args { a = file } }"
        );
        _test.WritePluginConfig(
            """{"binary":"/from/plugin","extra_args":["--plugin","x"],"supported_models":["plugin"],"model_args":{"b":"plugin"}}"""
        );

        var settings = _test.Load();

        Assert.Equal("/from/plugin", settings.Binary);
        Assert.Equal(["--plugin", "x"], settings.Exec.ExtraArgs.AsEnumerable());
        Assert.Equal(["plugin"], settings.SupportedModels.AsEnumerable());
        Assert.Equal("b", Assert.Single(settings.Agents.ModelArgs).Key);
    }

    [Fact]
    public void A_key_that_the_plugin_s_file_lacks_leaves_the_user_s_file_alone()
    {
        _test.WriteSettings("plexum.codex { binary = /from/file, extra-args = [\"--file\"] }");
        _test.WritePluginConfig("""{"binary":"","extra_args":null}""");

        var settings = _test.Load();

        Assert.Equal("/from/file", settings.Binary);
        Assert.Equal(["--file"], settings.Exec.ExtraArgs.AsEnumerable());
    }

    [Fact]
    public void A_variable_goes_over_the_files_and_an_assignment_over_the_variable()
    {
        _test.WriteSettings("plexum { codex.binary = /from/file, turns.timeout = 1m }");
        _test.WritePluginConfig("""{"binary":"/from/plugin","extra_args":["--plugin"]}""");
        _test.Variables["PLEXUM_CODEX_BINARY"] = "/from/variable";
        _test.Variables["PLEXUM_CODEX_EXTRA_ARGS"] = "[\"--variable\", \"two words\"]";
        _test.Variables["PLEXUM_TURNS_TIMEOUT"] = "2m";

        var variables = _test.Load();
        var assigned = _test.Load("turns.timeout=3m", "plexum.codex.binary=/assigned", "codex.extra-args=[]");

        Assert.Equal(("/from/variable", TimeSpan.FromMinutes(2)), (variables.Binary, variables.Agents.TurnTimeout));
        Assert.Equal(["--variable", "two words"], variables.Exec.ExtraArgs.AsEnumerable());
        Assert.Equal(("/assigned", TimeSpan.FromMinutes(3)), (assigned.Binary, assigned.Agents.TurnTimeout));
        Assert.Empty(assigned.Exec.ExtraArgs);
    }

    [Fact]
    public void The_last_assignment_of_a_key_holds_and_its_characters_mean_nothing_to_HOCON()
    {
        var settings = _test.Load("codex.binary=/first", "codex.binary=/with \"quotes\" ${HOME} # and $ {=}\\");

        Assert.Equal("/with \"quotes\" ${HOME} # and $ {=}\\", settings.Binary);
    }

    [Fact]
    public void A_model_s_name_with_a_dot_can_be_assigned()
    {
        var model = Assert.Single(_test.Load("codex.model-args.\"gpt-5.1\"=gpt-5.1-codex").Agents.ModelArgs);

        Assert.Equal(("gpt-5.1", "gpt-5.1-codex"), (model.Key, model.Value));
    }

    [Fact]
    public void A_variable_without_a_value_says_nothing()
    {
        _test.Variables["PLEXUM_TURNS_TIMEOUT"] = "";

        Assert.Equal(TimeSpan.FromMinutes(10), _test.Load().Agents.TurnTimeout);
    }

    [Fact]
    public void A_variable_that_names_no_setting_is_a_warning_since_it_may_be_another_program_s()
    {
        _test.Variables["PLEXUM_TURNS_TIMEOUTS"] = "5m";
        _test.Variables["PLEXUM_PROFILE_ROOT"] = "/somewhere";
        _test.Variables[ProcessEnvironment.TurnVariable] = "t-1";
        _test.Variables[ProcessEnvironment.CommandVariable] = "t-1";

        Assert.Contains("PLEXUM_TURNS_TIMEOUTS", Assert.Single(_test.Load().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Codex_s_home_is_the_one_that_codex_finds()
    {
        _test.Variables["CODEX_HOME"] = "/homes/codex";

        Assert.Equal("/homes/codex", _test.Load().Exec.CodexHome);
    }
}
