using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Sqlite.Backup;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// Puts a backup into a profile. Everything is unpacked and checked beside the profile's files before the first of them is touched. It
/// holds the daemon's lock meanwhile. File work.
/// </summary>
/// <param name="profile">The profile.</param>
/// <param name="codexHome">codex's home.</param>
/// <param name="time">The clock.</param>
internal sealed class ProfileRestore(Profile profile, string codexHome, TimeProvider time)
{
    private static readonly string[] LedgerCompanions = ["ledger.db-wal", "ledger.db-shm"];

    /// <summary>Restores a backup.</summary>
    /// <param name="archive">The backup, an absolute path.</param>
    /// <param name="replaces">Whether what the profile has may be moved aside.</param>
    /// <exception cref="CodexException">
    /// A daemon runs, the profile is not empty, or the backup cannot be used. Nothing was changed.
    /// </exception>
    public RestoreSummary Restore(string archive, bool replaces)
    {
        profile.Prepare();
        using var alone = DaemonLock.Acquire(profile);
        if (Present() is [var first, ..] && !replaces)
        {
            throw new CodexException(
                $"The profile {profile.Root} is not empty: it has {first}. With --replace, what it has is moved aside first; "
                    + $"or set {Profile.RootVariable} to another profile."
            );
        }

        var staging = Path.Combine(profile.Root, $".restore-{Guid.NewGuid():N}");
        try
        {
            OwnerOnly.CreateDirectory(staging);
            var manifest = new BackupReader(staging).Unpack(archive);
            Check(staging, archive);
            var rollouts = RestoreRollouts(Path.Combine(staging, "codex"));
            var aside = MoveAside();
            MoveIn(Path.Combine(staging, "profile"));
            return new RestoreSummary(manifest, aside, rollouts.Written, rollouts.Kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The backup {archive} cannot be restored into {profile.Root}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    // What a backup would replace. The directory of the agents is made by every command.
    private ImmutableArray<string> Present() =>
        [
            .. ArchiveName
                .Files.Concat(LedgerCompanions)
                .Concat(ArchiveName.Directories)
                .Where(name =>
                    Path.Combine(profile.Root, name) is var path
                    && FileStatus.OfPath(path) is { } status
                    && (status.Kind != FileKind.Directory || Directory.EnumerateFileSystemEntries(path).Any())
                ),
        ];

    private static void Check(string staging, string archive)
    {
        var ledger = Path.Combine(staging, ArchiveName.Ledger);
        if (FileStatus.OfPath(ledger) is not null && LedgerBackup.FindDamage(ledger) is { } damage)
        {
            throw new CodexException($"The ledger in the backup {archive} is damaged ({damage}). Nothing was restored.");
        }
    }

    private string? MoveAside()
    {
        var present = Present();
        if (present.IsEmpty)
        {
            return null;
        }

        var now = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var aside = Path.Combine(profile.Root, $"replaced-{now}-{Guid.NewGuid().ToString("N")[..6]}");
        foreach (var name in present)
        {
            var target = Path.Combine(aside, name);
            OwnerOnly.CreateDirectory(Path.GetDirectoryName(target)!);
            Rename(Path.Combine(profile.Root, name), target);
        }

        return aside;
    }

    // The ledger comes last: with it, a daemon takes the profile for complete.
    private void MoveIn(string restored)
    {
        foreach (var name in ArchiveName.Directories.Concat(ArchiveName.Files.Reverse()))
        {
            var source = Path.Combine(restored, name);
            var target = Path.Combine(profile.Root, name);
            if (FileStatus.OfPath(source) is not { } status)
            {
                continue;
            }

            // An empty directory, as every command makes it.
            if (status.Kind == FileKind.Directory && Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            OwnerOnly.CreateDirectory(Path.GetDirectoryName(target)!);
            Rename(source, target);
        }

        AtomicFile.FlushDirectory(profile.Root);
        OwnerOnly.CreateDirectory(profile.Agents);
    }

    // codex's home belongs to the user and may have newer turns of the threads, so nothing there is replaced.
    private (int Written, ImmutableArray<string> Kept) RestoreRollouts(string restored)
    {
        if (!Directory.Exists(restored))
        {
            return (0, []);
        }

        var written = 0;
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (var source in Directory.EnumerateFiles(restored, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var target = Path.Combine(codexHome, Path.GetRelativePath(restored, source));
            var plain = target.EndsWith(".zst", StringComparison.Ordinal) ? target[..^4] : target;
            if (FileStatus.OfPath(plain) is not null || FileStatus.OfPath(plain + ".zst") is not null)
            {
                kept.Add(target);
                continue;
            }

            var directory = Path.GetDirectoryName(target)!;
            OwnerOnly.CreateDirectory(directory);
            var (real, home) = (RealPath.OfDirectory(directory), RealPath.OfDirectory(codexHome));
            if (real is null || home is null || !RealPath.IsWithin(real, home))
            {
                throw new IOException($"{directory} leads out of codex's home; make it a directory in it.");
            }

            // codex's home may be on another disk. A rollout appears whole or not at all.
            var unfinished = $"{target}.{Guid.NewGuid():N}.tmp";
            File.Copy(source, unfinished);
            Rename(unfinished, target);
            written++;
        }

        return (written, kept.ToImmutable());
    }

    private static void Rename(string from, string to)
    {
        if (Libc.Rename(from, to) != 0)
        {
            throw new IOException($"{from} cannot be moved to {to}: {Libc.LastErrorText()}.");
        }
    }
}

/// <summary>What was restored.</summary>
/// <param name="Manifest">What the backup says of itself.</param>
/// <param name="Aside">The directory to which what the profile had was moved; null if it had nothing.</param>
/// <param name="Rollouts">How many rollouts were put into codex's home.</param>
/// <param name="Kept">Rollouts of the backup that codex's home has already, and that were left as they are.</param>
internal sealed record RestoreSummary(BackupManifest Manifest, string? Aside, int Rollouts, ImmutableArray<string> Kept);
