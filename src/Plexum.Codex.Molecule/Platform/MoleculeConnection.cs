using System.Collections;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>The workspace to answer, from settings and environment.</summary>
/// <param name="WorkspaceId">The workspace's id.</param>
/// <param name="PlatformUrl">The platform's URL.</param>
/// <param name="Token">The workspace's token.</param>
/// <param name="Variables">The environment variables for <c>molecule-mcp</c>: the platform's, and those that name the workspace.</param>
public sealed partial record MoleculeConnection(
    string WorkspaceId,
    Uri PlatformUrl,
    MoleculeToken Token,
    ImmutableDictionary<string, string?> Variables
)
{
    /// <summary>The variable that names the channel's state directory.</summary>
    public const string StateVariable = "CODEX_CHANNEL_MOLECULE_STATE_DIR";

    private const string WorkspaceVariable = "WORKSPACE_ID";
    private const string PlatformVariable = "PLATFORM_URL";
    private const string TokenVariable = "MOLECULE_WORKSPACE_TOKEN";
    private const string TokenFileVariable = "MOLECULE_WORKSPACE_TOKEN_FILE";

    /// <summary>The variables to hide from codex; a trailing * matches any suffix.</summary>
    public static ImmutableArray<string> Private { get; } = ["MOLECULE_*", WorkspaceVariable, PlatformVariable, StateVariable];

    /// <summary>The platform's host, with its port unless it is the default one.</summary>
    public string PlatformHost => PlatformUrl.Authority;

    /// <summary>Reads the connection from settings and environment.</summary>
    /// <param name="settings">The settings, which take precedence over the variables.</param>
    /// <param name="environment">The environment variables.</param>
    /// <exception cref="ConfigurationProblemsException">Something is missing or invalid; lists all problems.</exception>
    public static MoleculeConnection Read(MoleculeSettings settings, IDictionary environment)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var workspace = FindWorkspace(settings, environment);
        var platform = Either(settings.PlatformUrl, PlatformVariable, environment);
        if (workspace.Length == 0)
        {
            problems.Add($"No workspace is configured: set {WorkspaceVariable} or molecule.workspace-id to the id shown by the platform.");
        }
        else if (!WorkspaceRule().IsMatch(workspace))
        {
            problems.Add($"\"{workspace}\" is not a valid workspace id; copy the id from the platform into {WorkspaceVariable}.");
        }

        var url = ReadUrl(platform, problems);
        var token = ReadToken(settings, environment, problems);
        if (problems.Count > 0)
        {
            throw new ConfigurationProblemsException(problems.ToImmutable());
        }

        var variables = environment
            .Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith("MOLECULE_", StringComparison.Ordinal))
            .ToImmutableDictionary(variable => (string)variable.Key, variable => (string?)variable.Value)
            .SetItem(WorkspaceVariable, workspace)
            .SetItem(PlatformVariable, platform);
        return new MoleculeConnection(
            workspace,
            url!,
            token!,
            settings.TokenFile.Length == 0
                ? variables
                : variables.SetItem(TokenFileVariable, settings.TokenFile).SetItem(TokenVariable, null)
        );
    }

    /// <summary>The workspace id from settings or environment; empty if there is none.</summary>
    public static string FindWorkspace(MoleculeSettings settings, IDictionary environment) =>
        Either(settings.WorkspaceId, WorkspaceVariable, environment);

    /// <summary>Removes the platform's variables from this process's environment, so that child processes do not inherit them.</summary>
    public static void Hide()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToArray())
        {
            if (name is WorkspaceVariable or PlatformVariable || name.StartsWith("MOLECULE_", StringComparison.Ordinal))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    private static string Either(string setting, string variable, IDictionary environment) =>
        setting.Length > 0 ? setting : (environment[variable] as string)?.Trim() ?? "";

    private static Uri? ReadUrl(string text, ImmutableArray<string>.Builder problems)
    {
        if (text.Length == 0)
        {
            problems.Add($"No platform is configured: set {PlatformVariable} or molecule.platform-url to its URL.");
            return null;
        }

        if (
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0
            && url.Query.Length == 0
            && url.Fragment.Length == 0
        )
        {
            return url;
        }

        // Without the value: it may be a token put into the wrong variable.
        problems.Add($"{PlatformVariable} is invalid: it must look like https://platform.example, without user, query or fragment.");
        return null;
    }

    private static MoleculeToken? ReadToken(MoleculeSettings settings, IDictionary environment, ImmutableArray<string>.Builder problems)
    {
        var text = settings.TokenFile.Length == 0 ? (environment[TokenVariable] as string)?.Trim() ?? "" : "";
        var file = settings.TokenFile.Length > 0 ? settings.TokenFile : (environment[TokenFileVariable] as string)?.Trim() ?? "";
        if (text.Length == 0 && file.Length == 0)
        {
            problems.Add($"No token is configured: set {TokenVariable}, or set {TokenFileVariable} to a file that only you can read.");
            return null;
        }

        var token = text.Length > 0 ? MoleculeToken.OfText(text) : MoleculeToken.OfFile(Path.GetFullPath(file));
        try
        {
            // With a placeholder as its token, the program would be refused again and again.
            if (IsPlaceholder(text.Length > 0 ? text : File.ReadAllText(file)))
            {
                problems.Add(
                    $"{(text.Length > 0 ? TokenVariable : file)} still has the placeholder from the instructions; "
                        + "replace it with the workspace's token, which the platform shows once."
                );
                return null;
            }

            _ = token.Read();
            return token;
        }
        catch (Exception e) when (e is PlatformException or IOException or UnauthorizedAccessException)
        {
            problems.Add(e is PlatformException ? e.Message : $"The token file {file} cannot be read: {e.Message}");
            return null;
        }
    }

    // A real token is 43 random characters of base64url, which may contain a placeholder word by chance.
    private static bool IsPlaceholder(string token) => !RealToken().IsMatch(token.Trim()) && Placeholder().IsMatch(token);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex WorkspaceRule();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z")]
    private static partial Regex RealToken();

    [GeneratedRegex(
        @"[<>{}\[\]$…]|\.\.\.|paste|placeholder|your|change.?me|replace|example|token.?(here|goes)|^token$|^x+$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Placeholder();
}
