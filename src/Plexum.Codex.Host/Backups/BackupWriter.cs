using System.Collections.Immutable;
using System.Formats.Tar;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
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
    private readonly List<string> _leftOut = [];
    private int _files;
    private int _rollouts;

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

        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        var ledger = unfinished + ".ledger";
        try
        {
            ImmutableArray<string> workspaces = [];
            if (FileStatus.OfPath(profile.LedgerFile) is not null)
            {
                LedgerBackup.Copy(profile.LedgerFile, ledger);
                workspaces = LedgerBackup.Workspaces(ledger);
            }

            using (var file = OwnerOnly.CreateFile(unfinished))
            {
                WriteTo(file, path.EndsWith(".zst", StringComparison.Ordinal), ledger);
                file.Flush(flushToDisk: true);
            }

            if (Libc.Rename(unfinished, path) != 0)
            {
                throw new IOException($"it cannot be given its name: {Libc.LastErrorText()}");
            }

            AtomicFile.FlushDirectory(Path.GetDirectoryName(path)!);
            string[] elsewhere = [.. workspaces.Where(workspace => !IsWithin(workspace, profile.Agents))];
            return new BackupSummary(_files, _rollouts, new FileInfo(path).Length, [.. _leftOut], [.. elsewhere]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The backup {path} cannot be written: {e.Message.TrimEnd('.')}. Nothing was left behind.", e);
        }
        finally
        {
            File.Delete(ledger);
            File.Delete(unfinished);
        }
    }

    private void WriteTo(Stream file, bool isPacked, string ledger)
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

        foreach (var name in ArchiveName.Files)
        {
            // The settings may be a link, for example into a dotfiles repository.
            AddFile(tar, name == "ledger.db" ? ledger : Path.Combine(profile.Root, name), ArchiveName.Profile + name, followLinks: true);
        }

        foreach (var name in ArchiveName.Directories)
        {
            AddDirectory(tar, Path.Combine(profile.Root, name), ArchiveName.Profile + name);
        }

        AddRollouts(tar);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ArchiveName.End));
    }

    // Found last, so that no turn of the backup names a thread that is not in it.
    private void AddRollouts(TarWriter tar)
    {
        var files = new ThreadFiles(settings.Rollouts.CodexHome, settings.Profile.Root, settings.Rollouts.Limits);
        foreach (var rollout in files.Find(Threads()))
        {
            _rollouts += AddFile(tar, rollout.Path, ArchiveName.Codex + rollout.Name) ? 1 : 0;
        }
    }

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

    private void AddDirectory(TarWriter tar, string path, string name)
    {
        if (FileStatus.OfPath(path) is not { Kind: FileKind.Directory } status)
        {
            return;
        }

        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name + "/") { Mode = ModeOf(status) });
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            Add(tar, entry.FullName, $"{name}/{entry.Name}");
        }
    }

    private void Add(TarWriter tar, string path, string name)
    {
        switch (FileStatus.OfPath(path)?.Kind)
        {
            case FileKind.Directory:
                AddDirectory(tar, path, name);
                break;
            case FileKind.Regular:
                AddFile(tar, path, name);
                break;
            case FileKind.Link when ArchiveName.IsInWorkspace(name):
                var target = new FileInfo(path).LinkTarget;
                if (target is not null)
                {
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });
                }

                break;
            case null:
                // Removed while the directory was read.
                break;
            default:
                _leftOut.Add($"{path}, which is {FileStatus.OfPath(path)?.Describe() ?? "gone"}");
                break;
        }
    }

    private bool AddFile(TarWriter tar, string path, string name, bool followLinks = false)
    {
        var file = RegularFile.TryOpenRead(path, followLinks, out var problem);
        if (problem is not null)
        {
            throw new IOException($"{path} cannot be read: {problem}");
        }

        if (file is null)
        {
            // Gone by now: codex compresses rollouts, and turns end.
            return false;
        }

        var status = FileStatus.OfHandle(file);
        using var content = new SnapshotStream(file);
        try
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = content,
                    Mode = ModeOf(status!.Value),
                    ModificationTime = File.GetLastWriteTimeUtc(file),
                }
            );
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }

        _files++;
        return true;
    }

    private static UnixFileMode ModeOf(FileStatus status) => (UnixFileMode)(status.Permissions & 0x1FF);

    private static bool IsWithin(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);
}

/// <summary>What a backup has.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Rollouts">How many of them are rollouts of codex.</param>
/// <param name="Bytes">The length of the archive, in bytes.</param>
/// <param name="LeftOut">What is in the profile and can be in no backup, such as sockets.</param>
/// <param name="Elsewhere">Workspaces that lie outside the profile and are not in the backup.</param>
internal sealed record BackupSummary(int Files, int Rollouts, long Bytes, ImmutableArray<string> LeftOut, ImmutableArray<string> Elsewhere);
