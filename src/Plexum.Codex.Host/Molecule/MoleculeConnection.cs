using System.Collections;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule;

/// <summary>The workspace that is answered, as settings and environment name it.</summary>
/// <param name="WorkspaceId">Its id.</param>
/// <param name="PlatformUrl">The platform's address.</param>
/// <param name="Token">Its token.</param>
/// <param name="Variables">The variables of the platform's that were given, with those that name the workspace: what <c>molecule-mcp</c> reads.</param>
public sealed partial record MoleculeConnection(
    string WorkspaceId, Uri PlatformUrl, MoleculeToken Token, ImmutableDictionary<string, string?> Variables)
{
    /// <summary>The variable that names the directory of the channel's state.</summary>
    public const string StateVariable = "CODEX_CHANNEL_MOLECULE_STATE_DIR";

    private const string WorkspaceVariable = "WORKSPACE_ID";
    private const string PlatformVariable = "PLATFORM_URL";
    private const string TokenVariable = "MOLECULE_WORKSPACE_TOKEN";
    private const string TokenFileVariable = "MOLECULE_WORKSPACE_TOKEN_FILE";

    /// <summary>The variables that codex is not to see; a * at the end stands for anything.</summary>
    public static ImmutableArray<string> Private { get; } =
        ["MOLECULE_*", WorkspaceVariable, PlatformVariable, StateVariable];

    /// <summary>The platform's host, with its port where it is an unusual one.</summary>
    public string PlatformHost => PlatformUrl.Authority;

    /// <summary>Reads it.</summary>
    /// <param name="settings">The settings, which go before the variables.</param>
    /// <param name="environment">The variables.</param>
    /// <exception cref="ConfigurationProblemsException">Something is missing or wrong; all of it is told at once.</exception>
    public static MoleculeConnection Read(MoleculeSettings settings, IDictionary environment)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var workspace = FindWorkspace(settings, environment);
        var platform = Either(settings.PlatformUrl, PlatformVariable, environment);
        if (workspace.Length == 0)
        {
            problems.Add($"No workspace is named: set {WorkspaceVariable}, or molecule.workspace-id, to the id that the platform shows.");
        }
        else if (!WorkspaceRule().IsMatch(workspace))
        {
            problems.Add($"The workspace \"{workspace}\" is no id as the platform gives them; copy it from the platform into {WorkspaceVariable}.");
        }

        var url = ReadUrl(platform, problems);
        var token = ReadToken(settings, environment, problems);
        if (problems.Count > 0)
        {
            throw new ConfigurationProblemsException(problems.ToImmutable());
        }

        var variables = environment.Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith("MOLECULE_", StringComparison.Ordinal))
            .ToImmutableDictionary(variable => (string)variable.Key, variable => (string?)variable.Value)
            .SetItem(WorkspaceVariable, workspace).SetItem(PlatformVariable, platform);
        return new MoleculeConnection(workspace, url!, token!, settings.TokenFile.Length == 0
            ? variables
            : variables.SetItem(TokenFileVariable, settings.TokenFile).SetItem(TokenVariable, null));
    }

    /// <summary>The workspace that settings or environment name; empty where none is.</summary>
    public static string FindWorkspace(MoleculeSettings settings, IDictionary environment) =>
        Either(settings.WorkspaceId, WorkspaceVariable, environment);

    /// <summary>Takes the platform's variables out of this process's environment, so that nothing it starts gets them unasked.</summary>
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
            problems.Add($"No platform is named: set {PlatformVariable}, or molecule.platform-url, to its address.");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0)
        {
            return url;
        }

        // Not the text: somebody may have put the token there.
        problems.Add($"{PlatformVariable} is no address of a platform: it must be like https://platform.example, without a user, a query or a fragment.");
        return null;
    }

    private static MoleculeToken? ReadToken(MoleculeSettings settings, IDictionary environment, ImmutableArray<string>.Builder problems)
    {
        var text = settings.TokenFile.Length == 0 ? (environment[TokenVariable] as string)?.Trim() ?? "" : "";
        var file = settings.TokenFile.Length > 0 ? settings.TokenFile : (environment[TokenFileVariable] as string)?.Trim() ?? "";
        if (text.Length == 0 && file.Length == 0)
        {
            problems.Add($"There is no token: set {TokenVariable}, or {TokenFileVariable} to a file with it that only you may read.");
            return null;
        }

        var token = text.Length > 0 ? MoleculeToken.OfText(text) : MoleculeToken.OfFile(Path.GetFullPath(file));
        try
        {
            // A program with a made-up token would be refused again and again.
            if (IsPlaceholder(text.Length > 0 ? text : File.ReadAllText(file)))
            {
                problems.Add($"{(text.Length > 0 ? TokenVariable : file)} still has the placeholder of the instructions; put the workspace's token there, which the platform shows once.");
                return null;
            }

            _ = token.Read();
            return token;
        }
        catch (Exception e) when (e is PlatformException or IOException or UnauthorizedAccessException)
        {
            problems.Add(e is PlatformException ? e.Message : $"The file {file} with the workspace's token cannot be read: {e.Message}");
            return null;
        }
    }

    // A real one is 43 characters of base64url, of which no word can be made out.
    private static bool IsPlaceholder(string token) => !RealToken().IsMatch(token.Trim()) && Placeholder().IsMatch(token);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex WorkspaceRule();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z")]
    private static partial Regex RealToken();

    [GeneratedRegex(@"[<>{}\[\]$…]|\.\.\.|paste|placeholder|your|change.?me|replace|example|token.?(here|goes)|^token$|^x+$", RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();
}
