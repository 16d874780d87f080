using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Posix;
using Plexum.Codex.Sqlite.Backup;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// Puts a backup into a profile, wholly or not at all. Everything is unpacked and checked beside the profile's files before the first of
/// them is touched; if a move fails, those before it are undone, and if the restore is killed, the next one undoes them. It holds the
/// daemon's lock meanwhile. File work.
/// </summary>
/// <param name="profile">The profile.</param>
/// <param name="codexHome">codex's home.</param>
/// <param name="time">The clock.</param>
internal sealed class ProfileRestore(Profile profile, string codexHome, TimeProvider time)
{
    private static readonly string[] LedgerCompanions = ["ledger.db-wal", "ledger.db-shm"];

    /// <summary>What a restore moves, by its path in the profile.</summary>
    public static IEnumerable<string> Movable => ArchiveName.Files.Concat(LedgerCompanions).Concat(ArchiveName.Directories);

    // The ledger comes last: with it, a daemon takes the profile for complete.
    private static IEnumerable<string> InOrder => ArchiveName.Directories.Concat(ArchiveName.Files.Reverse());

    /// <summary>Restores a backup.</summary>
    /// <param name="archive">The backup, an absolute path.</param>
    /// <param name="replaces">Whether what the profile has may be moved aside.</param>
    /// <exception cref="CodexException">
    /// A daemon or a turn runs, the profile is not empty, or the backup cannot be used. The profile is as it was, or the message names the
    /// directory with what it had.
    /// </exception>
    public RestoreSummary Restore(string archive, bool replaces)
    {
        profile.PrepareDirectories();
        using var alone = DaemonLock.AcquireForUpkeep(profile);
        var undone = UndoInterrupted();
        RunningTurns.ThrowIfAny(profile, "A restore");
        if (Present() is [var first, ..] && !replaces)
        {
            throw new CodexException(
                (undone ? "An earlier restore was interrupted, and was undone. " : "")
                    + $"The profile {profile.Root} is not empty: it has {first}. With --replace, what it has is moved aside first; "
                    + $"or set {Profile.RootVariable} to another profile."
            );
        }

        var staging = RestoreNames.NewStaging();
        try
        {
            return Restore(archive, staging) with { Undone = undone };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The backup {archive} cannot be restored into {profile.Root}: {e.Message.TrimEnd('.')}. The profile is as it was.",
                e
            );
        }
        finally
        {
            if (FileStatus.OfPath(profile.UnfinishedRestoreFile) is null)
            {
                RemoveStaging();
            }
        }
    }

    private RestoreSummary Restore(string archive, string staging)
    {
        RemoveStaging();
        var unpacked = Path.Combine(profile.Root, staging);
        OwnerOnly.CreateDirectory(unpacked);
        var manifest = new BackupReader(unpacked).Unpack(archive);
        var workspaces = Check(unpacked, archive);
        var (rollouts, kept) = RolloutsOf(Path.Combine(unpacked, "codex"));
        var moves = new RestoreMoves(
            profile,
            codexHome,
            staging,
            RestoreNames.NewAside(time.GetUtcNow()),
            Present(),
            [.. InOrder.Where(name => FileStatus.OfPath(Path.Combine(unpacked, "profile", name)) is not null)],
            rollouts
        );
        moves.Check();
        Move(moves);
        OwnerOnly.CreateDirectory(profile.Agents);
        var aside = moves.Out.IsEmpty ? null : Path.Combine(profile.Root, moves.Aside);
        return new RestoreSummary(manifest, aside, rollouts.Length, kept, workspaces);
    }

    private void Move(RestoreMoves moves)
    {
        try
        {
            RestoreJournal.Write(moves);
            moves.Do();
            RestoreJournal.Remove(profile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Undo(moves, e.Message);
            throw;
        }
    }

    private bool UndoInterrupted()
    {
        if (RestoreJournal.Read(profile) is not { } moves)
        {
            return false;
        }

        Undo(moves, "an earlier restore was interrupted");
        return true;
    }

    private void Undo(RestoreMoves moves, string why)
    {
        try
        {
            moves.Undo();
            RestoreJournal.Remove(profile);
            RemoveStaging();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The restore into {profile.Root} failed ({why.TrimEnd('.')}), and could not be undone: {e.Message.TrimEnd('.')}. What the "
                    + $"profile had is in {Path.Combine(profile.Root, moves.Aside)}. Mend that, then give \"plexum-codex restore\" the "
                    + "backup again: it goes on undoing first, and until then no daemon starts.",
                e
            );
        }
    }

    // What a backup would replace. The directory of the agents is made by every command.
    private ImmutableArray<string> Present() =>
        [
            .. Movable.Where(name =>
                Path.Combine(profile.Root, name) is var path
                && FileStatus.OfPath(path) is { } status
                && (status.Kind != FileKind.Directory || Directory.EnumerateFileSystemEntries(path).Any())
            ),
        ];

    // Also those of restores that were killed before their first move.
    private void RemoveStaging()
    {
        foreach (var path in Directory.GetDirectories(profile.Root).Where(path => RestoreNames.IsStaging(Path.GetFileName(path))))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <returns>The workspaces of the backup's agents.</returns>
    private static ImmutableArray<string> Check(string staging, string archive)
    {
        var ledger = Path.Combine(staging, ArchiveName.Ledger);
        return FileStatus.OfPath(ledger) is null ? []
            : LedgerBackup.FindDamage(ledger) is { } damage
                ? throw new CodexException($"The ledger in the backup {archive} is damaged ({damage}). Nothing was restored.")
            : LedgerBackup.Workspaces(ledger);
    }

    // codex's home belongs to the user and may have newer turns of the threads, so nothing there is replaced.
    private (ImmutableArray<string> New, ImmutableArray<string> Kept) RolloutsOf(string restored)
    {
        if (!Directory.Exists(restored))
        {
            return ([], []);
        }

        var names = Directory
            .EnumerateFiles(restored, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(restored, path))
            .Order(StringComparer.Ordinal)
            .ToLookup(name =>
            {
                var target = Path.Combine(codexHome, name);
                var plain = target.EndsWith(".zst", StringComparison.Ordinal) ? target[..^4] : target;
                return FileStatus.OfPath(plain) is not null || FileStatus.OfPath(plain + ".zst") is not null;
            });
        return ([.. names[false]], [.. names[true]]);
    }
}

/// <summary>What was restored.</summary>
/// <param name="Manifest">What the backup says of itself.</param>
/// <param name="Aside">The directory to which what the profile had was moved; null if it had nothing.</param>
/// <param name="Rollouts">How many rollouts were put into codex's home.</param>
/// <param name="Kept">Rollouts of the backup that codex's home has already, and that were left as they are.</param>
/// <param name="Workspaces">The workspaces that the backup's agents have on record.</param>
internal sealed record RestoreSummary(
    BackupManifest Manifest,
    string? Aside,
    int Rollouts,
    ImmutableArray<string> Kept,
    ImmutableArray<string> Workspaces
)
{
    /// <summary>Whether an earlier restore, which was interrupted, was undone first.</summary>
    public bool Undone { get; init; }
}
