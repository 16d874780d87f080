using System.Collections.Immutable;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Posix.Secrets;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.CodexConfig;

/// <summary>
/// Sees from codex's own files that a turn could not reach the model, before a turn is spent on it: there is no login, the provider is
/// not described, or its key is in no variable. A look costs a few system calls; codex's configuration is read again only when it has
/// changed. Thread-safe. File work.
/// </summary>
/// <param name="codexHome">codex's home.</param>
/// <param name="program">codex's name, looked up on PATH, or its path.</param>
/// <param name="extraArgs">The arguments that codex gets besides.</param>
/// <param name="environment">What codex inherits of this process's environment.</param>
public sealed class CodexLogin(string codexHome, string program, ImmutableArray<string> extraArgs, ProcessEnvironment environment)
{
    private const string OpenAI = "openai";

    // With one of these codex logs in itself, or reaches another address than OpenAI's.
    private static readonly string[] LoginVariables = ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL"];

    // Keys of the user's configuration for which a missing auth.json need not be a missing login.
    private static readonly string[] OtherWays = ["profile", "openai_base_url", "chatgpt_base_url", "cli_auth_credentials_store"];

    // Those that need no section (measured on 0.169.0 and 0.171.0: of any other codex says "Model provider `…` not found").
    private static readonly string[] OwnProviders = [OpenAI, "ollama", "lmstudio", "amazon-bedrock"];

    private readonly Lock _gate = new();
    private (DateTime Changed, long Length) _read;
    private CodexConfigFile? _config;

    private string ConfigFile => CodexConfigFile.OfTheUser(codexHome);

    private string AuthFile => Path.Combine(codexHome, "auth.json");

    /// <summary>What keeps turns from the model; null if nothing is seen. A configuration that cannot be read is told elsewhere.</summary>
    /// <param name="workspace">The turn's workspace, which may have a configuration of its own; null for none.</param>
    public LoginProblem? Look(string? workspace)
    {
        CodexConfigFile config;
        try
        {
            config = Config();
        }
        catch (CodexConfigException)
        {
            return null;
        }

        return Find(config) is { } problem ? problem with { IsCertain = problem.IsCertain && IsAllThatCounts(config, workspace) } : null;
    }

    /// <summary>The command that logs codex in with this home, for a shell.</summary>
    public string Command => $"{(IsDefaultHome ? "" : $"CODEX_HOME='{codexHome}' ")}codex login";

    private LoginProblem? Find(CodexConfigFile config)
    {
        var provider = config.Text("model_provider") ?? OpenAI;
        var section = $"model_providers.{provider}";
        if (config.Has(section))
        {
            // Measured on 0.169.0 and 0.171.0: such a turn fails with "Missing environment variable: `…`." after it has begun a thread.
            return config.Text($"{section}.env_key") is { Length: > 0 } variable && !IsFilled(variable)
                ? new LoginProblem(
                    $"codex's provider \"{provider}\" takes its key from the variable {variable}, which is not set or is empty",
                    $"set it where plexum-codex is started, with: export {variable}=…",
                    IsCertain: !config.Has($"{section}.experimental_bearer_token") && !config.Has($"{section}.auth")
                )
                {
                    IsOfVariable = true,
                }
                : null;
        }

        if (!OwnProviders.Contains(provider))
        {
            return new LoginProblem(
                $"codex's configuration {ConfigFile} names the provider \"{provider}\", which it does not describe and which is none of "
                    + $"codex's own ({string.Join(", ", OwnProviders)})",
                $"correct model_provider there, or add the section [{section}]",
                IsCertain: true
            );
        }

        // requires_openai_auth is no such sign: a provider that does not ask for the login works without one (measured on both).
        return provider == OpenAI && WhyNotLoggedIn() is { } why
            ? new LoginProblem(
                $"codex is not logged in, and its config.toml names no other provider ({why})",
                $"log in with: {Command}",
                IsCertain: !OtherWays.Any(config.Has) && !LoginVariables.Any(IsSet)
            )
            : null;
    }

    private string? WhyNotLoggedIn() =>
        !File.Exists(AuthFile) ? $"there is no {AuthFile}"
        : CodexAuthFile.WhyNoLogin(AuthFile) is { } why ? $"{AuthFile} {why}"
        : null;

    private bool IsDefaultHome => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".codex") == codexHome;

    // Whether codex reads nothing else that could change it: files of the machine or of a project, a file with variables, arguments, or a
    // script in front of it.
    private bool IsAllThatCounts(CodexConfigFile config, string? workspace) =>
        !config.Has("profile")
        && !File.Exists(CodexConfigFile.OfTheMachine)
        && !File.Exists("/etc/codex/managed_config.toml")
        && !File.Exists(Path.Combine(codexHome, ".env"))
        && extraArgs.IsEmpty
        && !HasProjectConfig(workspace)
        && IsCodexItself();

    // Codex goes up from where it works, which has no links in its name.
    private bool HasProjectConfig(string? workspace)
    {
        var real = workspace is null ? null : RealPath.OfDirectory(workspace) ?? workspace;
        for (var at = real; at is not null; at = Path.GetDirectoryName(at))
        {
            var file = Path.Combine(at, ".codex", "config.toml");
            if (file != ConfigFile && File.Exists(file))
            {
                return true;
            }
        }

        return false;
    }

    // A script or a version manager's shim may set variables; npm's script does not. Of nixpkgs' wrapper, a program called codex, only the
    // name beside it tells.
    private bool IsCodexItself()
    {
        var path = Path.IsPathFullyQualified(program) ? program : ProgramSearch.Find(program, Environment.GetEnvironmentVariable("PATH"));
        return path is not null
            && RealPath.OfAnything(path) is { } real
            && (NpmScript.At(real) is not null || (NativeProgram.IsCodex(real) && !File.Exists(WrappedBy(real))));
    }

    private static string WrappedBy(string program) =>
        Path.Combine(Path.GetDirectoryName(program)!, $".{Path.GetFileName(program)}-wrapped");

    private bool IsSet(string variable) => ValueOf(variable) is not null;

    // Codex takes a key of nothing but blanks for none.
    private bool IsFilled(string variable) => !string.IsNullOrWhiteSpace(ValueOf(variable));

    private string? ValueOf(string variable) =>
        environment.Added.TryGetValue(variable, out var added) ? added
        : environment.Removed.Match(variable) || ServiceVariables.Match(variable) ? null
        : Environment.GetEnvironmentVariable(variable);

    private CodexConfigFile Config()
    {
        var file = new FileInfo(ConfigFile);
        var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        lock (_gate)
        {
            if (_config is null || _read != now)
            {
                (_config, _read) = (CodexConfigFile.Load(ConfigFile), now);
            }

            return _config;
        }
    }
}

/// <summary>Why turns would not reach the model.</summary>
/// <param name="What">What is missing or wrong: a clause that begins with "codex".</param>
/// <param name="Remedy">What to do, with the command to run: a clause.</param>
/// <param name="IsCertain">Whether every turn would fail; otherwise something else may provide what is missing.</param>
public sealed record LoginProblem(string What, string Remedy, bool IsCertain)
{
    /// <summary>Whether a variable is what is missing, which a daemon of systemd's gets otherwise.</summary>
    public bool IsOfVariable { get; init; }

    /// <summary>What is wrong and what to do.</summary>
    public string Message => $"{What}; {Remedy}";
}
