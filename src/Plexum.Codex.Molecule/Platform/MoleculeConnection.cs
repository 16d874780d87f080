using System.Collections;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Plexum.Codex.Posix.Secrets;

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

    /// <summary>The variable that names the file with the token.</summary>
    public const string TokenFileVariable = "MOLECULE_WORKSPACE_TOKEN_FILE";

    /// <summary>The name of the systemd credential with the token, as in <c>LoadCredential=molecule-token:PATH</c>.</summary>
    public const string Credential = "molecule-token";

    private const string WorkspaceVariable = "WORKSPACE_ID";
    private const string TokenVariable = "MOLECULE_WORKSPACE_TOKEN";

    // Tokens of several workspaces, for molecule-mcp.
    private const string WorkspacesVariable = "MOLECULE_WORKSPACES";

    /// <summary>The variables to hide from codex; a trailing * matches any suffix.</summary>
    public static ImmutableArray<string> Private { get; } = ["MOLECULE_*", WorkspaceVariable, PlatformAddress.Variable, StateVariable];

    /// <summary>The variables that may have a token in them.</summary>
    public static ImmutableArray<string> SecretVariables { get; } = [TokenVariable, WorkspacesVariable];

    /// <summary>The platform's host, with its port unless it is the default one.</summary>
    public string PlatformHost => PlatformUrl.Authority;

    /// <summary>Reads the connection from settings and environment.</summary>
    /// <param name="settings">The settings, which take precedence over the variables.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="others">What else speaks against answering the workspace, a sentence each; null for nothing.</param>
    /// <exception cref="ConfigurationProblemsException">Something is missing or invalid; lists all problems.</exception>
    public static MoleculeConnection Read(MoleculeSettings settings, IDictionary environment, params IEnumerable<string?> others)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        problems.AddRange(others.OfType<string>());
        var workspace = FindWorkspace(settings, environment);
        var platform = Either(settings.PlatformUrl, PlatformAddress.Variable, environment);
        if (workspace.Length == 0)
        {
            problems.Add($"No workspace is configured: set {WorkspaceVariable} or molecule.workspace-id to the id shown by the platform.");
        }
        else if (!WorkspaceRule().IsMatch(workspace))
        {
            problems.Add($"\"{workspace}\" is not a valid workspace id; copy the id from the platform into {WorkspaceVariable}.");
        }

        var url = PlatformAddress.Read(platform, settings.UnencryptedHost, problems);
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
            .SetItem(PlatformAddress.Variable, platform)
            .SetItem(TokenFileVariable, token!.File)
            .SetItems(SecretVariables.Concat(ProxiesOf(url!)).Select(name => KeyValuePair.Create(name, (string?)null)));
        return new MoleculeConnection(workspace, url!, token, variables);
    }

    /// <summary>Whether settings or variables name a workspace and its platform.</summary>
    public static bool IsConfigured(MoleculeSettings settings, IDictionary environment) =>
        FindWorkspace(settings, environment).Length > 0 && Either(settings.PlatformUrl, PlatformAddress.Variable, environment).Length > 0;

    /// <summary>The workspace id from settings or environment; empty if there is none.</summary>
    public static string FindWorkspace(MoleculeSettings settings, IDictionary environment) =>
        Either(settings.WorkspaceId, WorkspaceVariable, environment);

    /// <summary>Removes the platform's variables from this process's environment, so that child processes do not inherit them.</summary>
    public static void Hide()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToArray())
        {
            if (name is WorkspaceVariable or PlatformAddress.Variable || name.StartsWith("MOLECULE_", StringComparison.Ordinal))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    // A proxy reads what is not encrypted.
    private static string[] ProxiesOf(Uri url) =>
        url.Scheme == Uri.UriSchemeHttp ? ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] : [];

    private static string Either(string setting, string variable, IDictionary environment) =>
        setting.Length > 0 ? setting : Of(environment, variable);

    private static string Of(IDictionary environment, string variable) => (environment[variable] as string)?.Trim() ?? "";

    private static MoleculeToken? ReadToken(MoleculeSettings settings, IDictionary environment, ImmutableArray<string>.Builder problems)
    {
        if (FindToken(settings, environment) is not { } token)
        {
            problems.Add(
                "No token is configured: put it into a file that only you can read, and set molecule.token-file or "
                    + $"{TokenFileVariable} to its path; or give the service the systemd credential {Credential}."
            );
            return null;
        }

        if (settings.Transport == MoleculeTransport.Mcp && token.File is null)
        {
            problems.Add(
                $"With molecule.transport = mcp the token cannot come from {TokenVariable}: molecule-mcp would keep it in its environment, "
                    + "where every process of this user can read it. Put it into a file of mode 600 and name that in molecule.token-file."
            );
        }

        try
        {
            // With a placeholder as its token, the program would be refused again and again.
            if (IsPlaceholder(token.Read()))
            {
                problems.Add(
                    $"{token.File ?? TokenVariable} still has the placeholder from the instructions; "
                        + "replace it with the workspace's token, which the platform shows once."
                );
            }
        }
        catch (PlatformException e)
        {
            problems.Add(e.Message);
        }

        return token;
    }

    private static MoleculeToken? FindToken(MoleculeSettings settings, IDictionary environment)
    {
        if (settings.TokenFile.Length > 0)
        {
            return MoleculeToken.OfFile(Path.GetFullPath(settings.TokenFile));
        }

        if (Of(environment, TokenVariable) is { Length: > 0 } text)
        {
            return MoleculeToken.OfText(text);
        }

        if (Of(environment, TokenFileVariable) is { Length: > 0 } file)
        {
            return MoleculeToken.OfFile(Path.GetFullPath(file));
        }

        var credential = Path.Combine(Of(environment, ServiceVariables.Credentials), Credential);
        return Path.IsPathRooted(credential) && File.Exists(credential) ? MoleculeToken.OfCredential(credential) : null;
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
