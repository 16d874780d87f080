using System.Formats.Tar;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Archiving;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// Unpacks a backup into an empty directory. Nothing in the archive is trusted: names that <see cref="ArchiveName"/> does not allow, hard
/// links, devices, links outside workspaces and two entries of one name are refused, and nothing is written through a link. File work.
/// </summary>
/// <param name="target">The directory, an absolute path.</param>
internal sealed class BackupReader(string target)
{
    private const UnixFileMode OwnersBits = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WorkspaceBits =
        OwnersBits | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // RFC 8878, 3.1.1: the magic number of a frame.
    private static readonly byte[] PackedMagic = [0x28, 0xB5, 0x2F, 0xFD];

    // Made last: no file can be written through a link then.
    private readonly List<(string Name, string Goal)> _links = [];

    /// <summary>Unpacks a backup.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="CodexException">It is no backup, or is damaged, or has what no backup has; the message names the entry.</exception>
    /// <exception cref="IOException">It cannot be read, or the directory cannot be written.</exception>
    public BackupManifest Unpack(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem)
            ?? throw new CodexException($"The backup {path} cannot be read: {problem ?? "there is no such file"}.");
        using var stream = new FileStream(file, FileAccess.Read);
        try
        {
            using var unpacked = IsPacked(stream) ? ZstdStreams.Unpack(stream) : null;
            using var tar = new TarReader(unpacked ?? stream, leaveOpen: true);
            var manifest = ReadManifest(tar, path);
            TarEntry? entry;
            while ((entry = tar.GetNextEntry()) is not null && entry.Name != ArchiveName.End)
            {
                Take(entry);
            }

            if (entry is null)
            {
                throw new CodexException($"The backup {path} is damaged: it was cut off. Nothing was restored.");
            }

            foreach (var (name, goal) in _links)
            {
                ThrowIfTwice(name);
                File.CreateSymbolicLink(Path.Combine(target, name), goal);
            }

            return manifest;
        }
        catch (Exception e) when (ZstdStreams.IsDamage(e) || e is InvalidDataException or FormatException)
        {
            throw new CodexException($"The backup {path} is damaged: {e.Message.TrimEnd('.')}. Nothing was restored.", e);
        }
    }

    private static BackupManifest ReadManifest(TarReader tar, string path)
    {
        if (
            tar.GetNextEntry() is not { EntryType: TarEntryType.RegularFile, Name: ArchiveName.Manifest, DataStream: { } content } entry
            || entry.Length > BackupManifest.MaxBytes
        )
        {
            throw new CodexException($"{path} does not begin with {ArchiveName.Manifest}; it is no backup of plexum-codex.");
        }

        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return BackupManifest.Parse(bytes.ToArray());
    }

    private void Take(TarEntry entry)
    {
        var name = entry.Name.EndsWith('/') && entry.EntryType == TarEntryType.Directory ? entry.Name[..^1] : entry.Name;
        if (ArchiveName.WhyNot(name, entry.EntryType == TarEntryType.Directory) is { } reason)
        {
            throw Refused(name, reason);
        }

        var path = Path.Combine(target, name);
        OwnerOnly.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                OwnerOnly.CreateDirectory(path);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, (entry.Mode & AllowedIn(name)) | OwnersBits);
                }

                break;
            case TarEntryType.RegularFile:
                Write(entry, name, path);
                break;
            case TarEntryType.SymbolicLink when ArchiveName.IsInWorkspace(name):
                _links.Add((name, entry.LinkName));
                break;
            default:
                throw Refused(name, $"it is of the kind {entry.EntryType}");
        }
    }

    private void ThrowIfTwice(string name)
    {
        if (FileStatus.OfPath(Path.Combine(target, name)) is not null)
        {
            throw Refused(name, "the backup has it twice");
        }
    }

    private void Write(TarEntry entry, string name, string path)
    {
        ThrowIfTwice(name);
        using var file = OwnerOnly.CreateFile(path);
        entry.DataStream?.CopyTo(file);
        file.Flush(flushToDisk: !ArchiveName.IsInWorkspace(name));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, (entry.Mode & AllowedIn(name)) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.SetLastWriteTimeUtc(file.SafeFileHandle, entry.ModificationTime.UtcDateTime);
    }

    // No setuid, nothing that others may write, and outside workspaces nothing that they may read.
    private static UnixFileMode AllowedIn(string name) => ArchiveName.IsInWorkspace(name) ? WorkspaceBits : OwnersBits;

    private static CodexException Refused(string name, string reason) =>
        new($"The backup's entry \"{VisibleText.OneLine(name)}\" is refused: {reason}. Nothing was restored.");

    private static bool IsPacked(FileStream stream)
    {
        Span<byte> start = stackalloc byte[4];
        var read = stream.Read(start);
        stream.Position = 0;
        return read == start.Length && start.SequenceEqual(PackedMagic);
    }
}
