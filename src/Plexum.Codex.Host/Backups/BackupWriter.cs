using System.Collections.Immutable;
using System.Formats.Tar;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Rollouts.Archiving;
using Plexum.Codex.Sqlite.Backup;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// Writes a backup: a tar archive (pax) of the ledger, the agents, the record of threads, the settings and the rollouts of the agents'
/// threads. The ledger comes first, as it is at one moment: what the files have beyond it belongs to turns that recovery settles. So it may
/// be made while a daemon runs. File work.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="time">The clock.</param>
internal sealed class BackupWriter(ProgramSettings settings, TimeProvider time)
{
    /// <summary>Writes a backup into a new file, which appears whole or not at all.</summary>
    /// <param name="path">The file, an absolute path; compressed with zstd if its name ends in <c>.zst</c>.</param>
    /// <exception cref="CodexException">It cannot be written, or there is nothing to back up; the message says why.</exception>
    public BackupSummary Write(string path)
    {
        var profile = settings.Profile;
        if (FileStatus.OfPath(path) is not null)
        {
            throw new CodexException($"{path} exists already; name a new file for the backup.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new CodexException($"There is no directory {Path.GetDirectoryName(path)} for the backup; create it, or name another.");
        }

        if (FileStatus.OfPath(profile.LedgerFile) is null && !Directory.Exists(profile.Agents))
        {
            throw new CodexException($"The profile {profile.Root} has nothing to back up: neither a ledger nor agents.");
        }

        profile.ThrowIfHalfRestored();
        var unfinished = UnfinishedBackup.NameFor(path);
        var ledger = UnfinishedBackup.LedgerOf(unfinished);
        try
        {
            UnfinishedBackup.RemoveIn(Path.GetDirectoryName(path)!);
            using var file = UnfinishedBackup.Create(unfinished);
            ImmutableArray<string> workspaces = [];
            if (FileStatus.OfPath(profile.LedgerFile) is not null)
            {
                LedgerBackup.Copy(profile.LedgerFile, ledger);
                workspaces = LedgerBackup.Workspaces(ledger);
            }

            var (tree, rollouts) = WriteTo(file, path.EndsWith(".zst", StringComparison.Ordinal), ledger);
            file.Flush(flushToDisk: true);
            if (Libc.Rename(unfinished, path) != 0)
            {
                throw new IOException($"it cannot be given its name: {Libc.LastErrorText()}");
            }

            AtomicFile.FlushDirectory(Path.GetDirectoryName(path)!);

            // The agents may be a link of the owner's, and workspaces are recorded where links lead.
            var agents = RealPath.OfDirectory(profile.Agents) ?? profile.Agents;
            string[] elsewhere = [.. workspaces.Where(place => !IsWithin(place, agents) && !IsWithin(place, profile.Agents))];
            return new BackupSummary(tree.Files, rollouts, file.Length, [.. tree.LeftOut], [.. elsewhere]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The backup {path} cannot be written: {e.Message.TrimEnd('.')}. Nothing was left behind.", e);
        }
        finally
        {
            UnfinishedBackup.Remove(unfinished);
        }
    }

    private (BackupTree Tree, int Rollouts) WriteTo(Stream file, bool isPacked, string ledger)
    {
        using var packed = isPacked ? ZstdStreams.Pack(file) : null;
        using var tar = new TarWriter(packed ?? file, TarEntryFormat.Pax, leaveOpen: true);
        var profile = settings.Profile;
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat,
            OwnVersion.Full,
            time.GetUtcNow(),
            profile.Root,
            settings.Rollouts.CodexHome
        );
        using (var bytes = new MemoryStream(manifest.ToBytes()))
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, ArchiveName.Manifest)
                {
                    DataStream = bytes,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }

        var tree = new BackupTree(tar);
        foreach (var name in ArchiveName.Files)
        {
            // The settings may be a link, for example into a dotfiles repository.
            tree.AddFile(name == "ledger.db" ? ledger : Path.Combine(profile.Root, name), ArchiveName.Profile + name, followLinks: true);
        }

        foreach (var name in ArchiveName.Directories)
        {
            tree.AddDirectory(Path.Combine(profile.Root, name), ArchiveName.Profile + name);
        }

        var rollouts = AddRollouts(tree);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ArchiveName.End));
        return (tree, rollouts);
    }

    // Found last, so that no turn of the backup names a thread that is not in it.
    private int AddRollouts(BackupTree tree) =>
        new ThreadFiles(settings.Rollouts.CodexHome, settings.Profile.Root, settings.Rollouts.Limits)
            .Find(Threads())
            .Count(rollout => tree.AddFile(rollout.Path, ArchiveName.Codex + rollout.Name));

    private IEnumerable<ThreadId> Threads()
    {
        var directory = Path.Combine(settings.Profile.Root, "threads");
        return Directory.Exists(directory)
            ? Directory
                .EnumerateFiles(directory)
                .Select(path => ThreadId.TryParse(Path.GetFileName(path), out var thread) ? thread : (ThreadId?)null)
                .OfType<ThreadId>()
            : [];
    }

    private static bool IsWithin(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);
}

/// <summary>What a backup has.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Rollouts">How many of them are rollouts of codex.</param>
/// <param name="Bytes">The length of the archive, in bytes.</param>
/// <param name="LeftOut">What is in the profile and not in the backup: sockets, and what cannot be read in workspaces.</param>
/// <param name="Elsewhere">Workspaces that lie outside the profile and are not in the backup.</param>
internal sealed record BackupSummary(int Files, int Rollouts, long Bytes, ImmutableArray<string> LeftOut, ImmutableArray<string> Elsewhere);
