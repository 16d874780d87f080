using Plexum.Codex.Rollouts.Archiving;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// The names in a backup: <c>profile/…</c> for a path in the profile and <c>codex/…</c> for one in codex's home. An archive's names
/// are not trusted: what is not on these lists is not restored, and no name leads out of its directory.
/// </summary>
internal static class ArchiveName
{
    /// <summary>The first entry of a backup: what it has and of which program it is.</summary>
    public const string Manifest = "plexum-codex-backup.json";

    /// <summary>The last entry of a backup, without content: an archive that was cut off does not have it.</summary>
    public const string End = "plexum-codex-backup.end";

    /// <summary>The beginning of the names of the profile's files.</summary>
    public const string Profile = "profile/";

    /// <summary>The beginning of the names of codex's files.</summary>
    public const string Codex = "codex/";

    /// <summary>The ledger.</summary>
    public const string Ledger = Profile + "ledger.db";

    /// <summary>The files of the profile that a backup has, by their path in it; not the tokens in plain text, which are secrets.</summary>
    public static IReadOnlyList<string> Files { get; } =
    ["ledger.db", "plexum-codex.hocon", "api-tokens.json", "plugins/plexum-openai-provider/config.json"];

    /// <summary>The directories of the profile that a backup has, with all that is in them.</summary>
    public static IReadOnlyList<string> Directories { get; } = ["agents", "threads"];

    /// <summary>Why an entry is not restored, as the end of a sentence; null if it may be.</summary>
    /// <param name="name">Its name, without a slash at its end.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    public static string? WhyNot(string name, bool isDirectory)
    {
        var parts = name.Split('/');
        var problem =
            parts.Any(part => part is "" or "." or "..") || name.Contains('\0', StringComparison.Ordinal)
                ? "its name does not stay in its directory"
            : name.StartsWith(Codex, StringComparison.Ordinal)
                ? ThreadFiles.IsRollout(name[Codex.Length..]) ? null
                    : "it is no rollout of codex"
            : name.StartsWith(Profile, StringComparison.Ordinal) && IsOfProfile(name[Profile.Length..], parts) ? null
            : "a backup has no such file";
        return problem
            ?? (
                parts is ["profile", "agents" or "threads"] or ["profile", "agents", _] && !isDirectory ? "it should be a directory"
                : isDirectory && (parts[0] == "codex" || Files.Contains(string.Join('/', parts[1..]), StringComparer.Ordinal))
                    ? "it should be a file"
                : null
            );
    }

    /// <summary>Whether an entry is in a workspace, where codex and its user work and links are nothing special.</summary>
    public static bool IsInWorkspace(string name) => name.Split('/') is ["profile", "agents", _, "workspace", _, ..];

    /// <summary>Whether an entry is in a workspace or one itself: commands that models write change what can be read there.</summary>
    public static bool IsOfWorkspace(string name) => name.Split('/') is ["profile", "agents", _, "workspace", ..];

    private static bool IsOfProfile(string path, string[] parts) =>
        Files.Contains(path, StringComparer.Ordinal)
        || parts switch
        {
            [_, "agents", var agent, ..] => AgentId.TryParse(agent, out _),
            [_, "agents"] or [_, "threads", ..] => true,
            _ => false,
        };
}
