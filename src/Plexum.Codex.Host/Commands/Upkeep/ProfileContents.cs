using System.Collections.Immutable;
using Plexum.Codex.Host.Backups;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary>This program's files in a profile. That of a Plexum host has files of others too, which are left alone. File work.</summary>
/// <param name="profile">The profile.</param>
internal sealed class ProfileContents(Profile profile)
{
    private static readonly string[] Names =
    [
        "agents",
        "app-server",
        "molecule",
        "molecule-state",
        "threads",
        "run",
        "ledger.db",
        "ledger.db-wal",
        "ledger.db-shm",
        "ledger.db-journal",
        "plexum-codex.hocon",
        "plexum-codex.sock",
        "api-token",
        "api-tokens.json",
        "api-tokens.json.lock",
        "daemon.lock",
        "restore-unfinished.json",
        "plugins/plexum-openai-provider",
    ];

    private static readonly string Id = new('?', Guid.Empty.ToString("N").Length);
    private static readonly string Probe = $".probe-{Id}";

    // Names of which there may be several, and what a process that was killed leaves of a file that it was writing.
    private static readonly string[] Patterns =
    [
        "ledger.db.bad-*",
        "ledger.db.damaged*",
        "ledger.db.new*",
        $"threads.{Id}.tmp",
        $"api-tokens.json.{Id}.tmp",
        $"restore-unfinished.json.{Id}.tmp",
        Probe,
    ];

    private static readonly string[] LogPatterns = ["plexum-codex*.log", "audit*.jsonl", "plugin-daemon.log", "daemon-start.log", Probe];

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    // By default a "?" need not stand for a character.
    private static readonly EnumerationOptions Named = new()
    {
        MatchType = MatchType.Simple,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

    /// <summary>The paths, those that exist.</summary>
    public ImmutableArray<string> Paths =>
        [
            .. Names.Select(name => Path.Combine(profile.Root, name)).Where(path => FileStatus.OfPath(path) is not null),
            .. Patterns.SelectMany(pattern => Entries(profile.Root, pattern)),
            .. Entries(profile.Root, "*").Where(path => IsOfRestore(Path.GetFileName(path))),
            .. LogPatterns.SelectMany(pattern => Entries(profile.Logs, pattern)),
        ];

    /// <summary>How many agents there are.</summary>
    public int Agents => Entries(profile.Agents, "*").Length;

    /// <summary>
    /// How many bytes the files at a path have, and where it leads if it is a link; of a link, only the link is counted and deleted.
    /// What cannot be read is not counted.
    /// </summary>
    public static (long Bytes, string? Target) Look(string path) =>
        FileStatus.OfPath(path) switch
        {
            { Kind: FileKind.Directory } => (SizeOf(path), null),
            { Kind: FileKind.Regular, Length: var length } => (length, null),
            { Kind: FileKind.Link } => (0, new FileInfo(path).LinkTarget),
            _ => (0, null),
        };

    /// <summary>Deletes all of it, and the directories that are empty then.</summary>
    /// <returns>What others have in the profile.</returns>
    /// <exception cref="CodexException">Something cannot be deleted.</exception>
    public ImmutableArray<string> Delete()
    {
        try
        {
            foreach (var path in Paths)
            {
                if (FileStatus.OfPath(path) is { Kind: FileKind.Directory })
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }
            }

            foreach (var directory in new[] { Path.Combine(profile.Root, "plugins"), profile.Logs, profile.Root })
            {
                if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
                {
                    Directory.Delete(directory);
                }
            }

            return Entries(profile.Root, "*");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The profile {profile.Root} is only deleted in part: {e.Message}", e);
        }
    }

    private static bool IsOfRestore(string name) => RestoreNames.IsAside(name) || RestoreNames.IsStaging(name);

    // Commands of models may have left directories there that nobody may enter, and may remove others meanwhile.
    private static long SizeOf(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", Everything).Sum(file => FileStatus.OfPath(file.FullName)?.Length ?? 0);

    private static ImmutableArray<string> Entries(string directory, string pattern) =>
        Directory.Exists(directory)
            ? [.. Directory.EnumerateFileSystemEntries(directory, pattern, Named).Order(StringComparer.Ordinal)]
            : [];
}
