using System.ComponentModel;
using System.Diagnostics;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>
/// Checks whether codex can reach the model as it is configured: its own provider needs a login, which codex is asked about. Another
/// provider needs its key or nothing, whatever codex says of a login.
/// </summary>
internal static class LoginCheck
{
    private const string OwnProvider = "openai";

    // With a key in it, codex exec needs no login (codex's documentation of non-interactive mode).
    private const string KeyVariable = "CODEX_API_KEY";
    private const string ServiceAdvice = "A daemon that systemd runs gets variables from its unit: systemctl --user edit plexum-codex.";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<Finding> RunAsync(ProgramSettings settings, CodexBinary binary, CancellationToken cancellationToken)
    {
        var login = CodexHosting.LoginOf(settings);
        try
        {
            var provider = ProviderOf(settings.Exec.CodexHome);
            if (login.Look(null) is { } problem && (provider is not null || problem.IsCertain))
            {
                var remedy = $"{char.ToUpperInvariant(problem.Remedy[0])}{problem.Remedy[1..]}.";
                return new Finding($"{problem.What}.", problem.IsOfVariable ? $"{remedy} {ServiceAdvice}" : remedy);
            }

            if (provider is not null)
            {
                return new Finding($"codex uses the provider \"{provider}\", which needs no login of codex's.");
            }
        }
        catch (CodexConfigException e)
        {
            return new Finding("codex's configuration cannot be read.", e.Message);
        }

        var advice = $"Run {login.Command}, or set the key that your provider in codex's config.toml expects.";
        return await AskAsync(binary, advice, cancellationToken).ConfigureAwait(false);
    }

    // Null for codex's own.
    private static string? ProviderOf(string codexHome)
    {
        var name = new[] { CodexConfigFile.OfTheUser(codexHome), CodexConfigFile.OfTheMachine }
            .Select(path => CodexConfigFile.Load(path).Text("model_provider"))
            .FirstOrDefault(provider => provider is not null);
        return name == OwnProvider ? null : name;
    }

    private static async Task<Finding> AskAsync(CodexBinary binary, string advice, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var start = new ProcessStartInfo(binary.Path, ["login", "status"]) { WorkingDirectory = TrustedPlace.Outside() };
            var (code, output, errors) = await ShortProgram.RunAsync(start, limit.Token).ConfigureAwait(false);
            var said = $"{output}\n{errors}".Trim().Split('\n')[^1].Trim().TrimEnd('.');
            var what = $"codex login status: {(said.Length == 0 ? "no output" : said)}.";
            return code == 0 ? new Finding(what)
                : Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 }
                    ? new Finding($"{what} Turns use the key in {KeyVariable}.")
                : new Finding(what, advice);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding($"codex login status did not answer within {Limit.TotalSeconds} seconds.", advice);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new Finding($"codex login status cannot be run: {e.Message}", advice);
        }
    }
}
