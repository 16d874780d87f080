using System.Collections.Immutable;
using Plexum.Codex.Processes;

namespace Plexum.Codex.CodexConfig;

/// <summary>What codex's files say about a turn that could not reach the model. It must never refuse what would work.</summary>
public sealed class CodexLoginSpecs : IDisposable
{
    private const string Loop = "model_provider = \"loop\"\n[model_providers.loop]\nbase_url = \"http://127.0.0.1:1/v1\"\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("login-").FullName;

    private string Home => Path.Combine(_folder, "home");

    public CodexLoginSpecs() => Directory.CreateDirectory(Home);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_login_and_another_provider_it_names_the_command()
    {
        var problem = Login().Look(null)!;

        Assert.Contains("codex login", problem.Message, StringComparison.Ordinal);
        Assert.Contains(Home, problem.Message, StringComparison.Ordinal);
        Assert.Equal(!File.Exists(CodexConfigFile.OfTheMachine), problem.IsCertain);
    }

    [Fact]
    public void A_login_that_comes_later_is_seen_at_once()
    {
        var login = Login();
        Assert.NotNull(login.Look(null));

        Write("auth.json", """{"OPENAI_API_KEY": "of-the-tests"}""");

        Assert.Null(login.Look(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("notjson")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"auth_mode": "apikey"}""")]
    [InlineData("""{"OPENAI_API_KEY": null, "tokens": null, "last_refresh": "2026-01-01T00:00:00Z"}""")]
    public void A_login_file_without_a_login_is_named(string text)
    {
        Write("auth.json", text);

        var problem = Login().Look(null)!;

        Assert.Contains(Path.Combine(Home, "auth.json"), problem.What, StringComparison.Ordinal);
        Assert.Contains("codex login", problem.Remedy, StringComparison.Ordinal);
        Assert.Equal(!File.Exists(CodexConfigFile.OfTheMachine), problem.IsCertain);
    }

    [Theory]
    [InlineData("""{"OPENAI_API_KEY": ""}""")]
    [InlineData("""{"auth_mode": "chatgpt", "tokens": {"access_token": "x"}}""")]
    [InlineData("""{"login_of_a_later_codex": "x"}""")]
    public void A_login_file_that_may_have_a_login_is_left_alone(string text)
    {
        Write("auth.json", text);

        Assert.Null(Login().Look(null));
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("OpenAI")]
    [InlineData("")]
    public void A_provider_that_is_described_nowhere_is_named_with_the_file(string provider)
    {
        Write("config.toml", $"model_provider = \"{provider}\"\n");
        Write("auth.json", """{"OPENAI_API_KEY": "of-the-tests"}""");

        var problem = Login().Look(null)!;

        Assert.Contains($"the provider \"{provider}\"", problem.What, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Home, "config.toml"), problem.What, StringComparison.Ordinal);
        Assert.Equal(!File.Exists(CodexConfigFile.OfTheMachine), problem.IsCertain);
    }

    [Fact]
    public void A_provider_whose_key_is_in_no_variable_is_named_with_the_variable()
    {
        var login = Login();
        Write("config.toml", Loop + "env_key = \"PLEXUM_TEST_NO_SUCH_KEY\"\n");

        Assert.Contains("export PLEXUM_TEST_NO_SUCH_KEY=", login.Look(null)!.Message, StringComparison.Ordinal);
        Write("config.toml", Loop + "env_key = \"PATH\"\n");
        Assert.Null(login.Look(null));
    }

    [Theory]
    [InlineData(Loop)]
    [InlineData(Loop + "requires_openai_auth = true\n")]
    [InlineData("model_provider = \"ollama\"\n")]
    [InlineData("model_provider = \"lmstudio\"\n")]
    [InlineData("model_provider = \"amazon-bedrock\"\n")]
    public void A_provider_that_needs_no_login_is_left_alone(string config)
    {
        Write("config.toml", config);

        Assert.Null(Login().Look(null));
    }

    [Theory]
    [InlineData("config.toml", "profile = \"work\"\n")]
    [InlineData("config.toml", "openai_base_url = \"http://127.0.0.1:1/v1\"\n")]
    [InlineData("config.toml", "cli_auth_credentials_store = \"keyring\"\n")]
    [InlineData(".env", "OPENAI_API_KEY=x\n")]
    public void Where_something_else_may_log_in_it_is_not_certain(string file, string text)
    {
        Write(file, text);

        Assert.False(Login().Look(null)!.IsCertain);
    }

    [Fact]
    public void Arguments_a_project_s_file_and_a_script_in_front_make_it_uncertain_too()
    {
        var workspace = Directory.CreateDirectory(Path.Combine(_folder, "work")).FullName;
        Directory.CreateDirectory(Path.Combine(workspace, ".codex"));
        File.WriteAllText(Path.Combine(workspace, ".codex", "config.toml"), "");
        var script = Path.Combine(_folder, "codex");
        File.WriteAllText(script, "#!/bin/sh\nexec codex \"$@\"\n");

        Assert.False(Login().Look(workspace)!.IsCertain);
        Assert.False(Login(arguments: ["-c", "model_provider=loop"]).Look(null)!.IsCertain);
        Assert.False(Login(program: script).Look(null)!.IsCertain);
    }

    [Theory]
    [InlineData("--cd", "/elsewhere")]
    [InlineData("-C/elsewhere")]
    [InlineData("--some-flag-of-a-later-codex")]
    public void Any_argument_may_lead_codex_to_another_login(params string[] arguments) =>
        Assert.False(Login(arguments: [.. arguments]).Look(null)!.IsCertain);

    [Fact]
    public void The_project_s_file_above_where_a_link_leads_counts()
    {
        var real = Directory.CreateDirectory(Path.Combine(_folder, "project", "work")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "project", ".codex"));
        File.WriteAllText(Path.Combine(_folder, "project", ".codex", "config.toml"), "");
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, real);

        Assert.False(Login().Look(link)!.IsCertain);
    }

    [Theory]
    [InlineData("version-manager", null)]
    [InlineData("codex", ".codex-wrapped")]
    public void A_program_in_front_of_codex_may_log_in(string target, string? beside)
    {
        var program = Program("bin/" + target);
        var link = Path.Combine(_folder, "codex");
        File.CreateSymbolicLink(link, program);
        if (beside is not null)
        {
            Program("bin/" + beside);
        }

        Assert.False(Login(program: link).Look(null)!.IsCertain);
    }

    [Fact]
    public void A_variable_for_the_key_that_is_empty_is_none()
    {
        Write("config.toml", Loop + "env_key = \"PLEXUM_TEST_KEY\"\n");
        var empty = new ProcessEnvironment { Added = ImmutableDictionary<string, string>.Empty.Add("PLEXUM_TEST_KEY", " ") };

        Assert.NotNull(new CodexLogin(Home, Program("codex"), [], empty).Look(null));
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_told_elsewhere()
    {
        Write("config.toml", "model_provider = [");

        Assert.Null(Login().Look(null));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Home, name), text);

    private CodexLogin Login(string? program = null, ImmutableArray<string> arguments = default) =>
        new(Home, program ?? Program("native/codex"), arguments.IsDefault ? [] : arguments, new ProcessEnvironment());

    // It is only looked at.
    private string Program(string name)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "\u007fELF");
        return path;
    }
}
