using System.Collections;

namespace FakeMolecule;

/// <summary>What molecule-mcp takes from its environment.</summary>
/// <param name="Missing">A variable that it cannot do without and is not there.</param>
/// <param name="HasInbox">Whether the inbox is polled.</param>
/// <param name="CursorFile">Where the poller keeps its cursor.</param>
internal sealed record MoleculeEnvironment(string? Missing, bool HasInbox, string CursorFile)
{
    public static MoleculeEnvironment Read()
    {
        var missing = new[] { "PLATFORM_URL", "WORKSPACE_ID" }.FirstOrDefault(name => !IsSet(name))
            ?? (IsSet("MOLECULE_WORKSPACE_TOKEN") || IsSet("MOLECULE_WORKSPACE_TOKEN_FILE") ? null : "MOLECULE_WORKSPACE_TOKEN");
        var configs = Environment.GetEnvironmentVariable("CONFIGS_DIR") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".molecule-workspace");
        return new MoleculeEnvironment(missing, !IsSet("MOLECULE_MCP_DISABLE_INBOX"), Path.Combine(configs, ".mcp_inbox_cursor"));
    }

    /// <summary>The names of all variables.</summary>
    public static string[] Names() =>
        [
            .. Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => (string)variable.Key)
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
