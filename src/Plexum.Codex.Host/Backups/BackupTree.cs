using System.Formats.Tar;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// Adds files and directories to a backup. Each directory is entered from the one above it and no link is followed, because models'
/// commands may change workspaces meanwhile. What cannot be read in a workspace is left out and named; anywhere else it fails the backup.
/// File work.
/// </summary>
/// <param name="tar">The backup.</param>
internal sealed class BackupTree(TarWriter tar)
{
    // Each level keeps a directory open. A deeper path could hardly be restored: PATH_MAX is 4096.
    private const int MaxDepth = 128;
    private const int Search = OpenFlags.PathOnly | OpenFlags.CloseOnExec;

    private const int NotFound = 2;
    private const int NotADirectory = 20;

    private readonly List<string> _leftOut = [];

    /// <summary>How many files it has added.</summary>
    public int Files { get; private set; }

    /// <summary>What it has left out, each as part of a sentence.</summary>
    public IEnumerable<string> LeftOut => _leftOut;

    /// <summary>Adds a directory of the profile with all that is in it, if it is there. It may be a link of the owner's.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="name">Its name in the backup.</param>
    /// <exception cref="IOException">It is no directory, or something outside workspaces cannot be read.</exception>
    public void AddDirectory(string path, string name)
    {
        if (FileStatus.OfPath(path) is null)
        {
            return;
        }

        var descriptor = Libc.Open(path, Search | OpenFlags.Directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be entered ({Libc.LastErrorText()}). Make it a directory, or a link to one.");
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        AddDirectory(directory, path, name, depth: 0);
    }

    /// <summary>Adds a file, if it is there.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="name">Its name in the backup.</param>
    /// <param name="followLinks">Whether it may be a link.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool AddFile(string path, string name, bool followLinks = false) => AddFile(path, path, name, followLinks);

    private void AddDirectory(SafeFileHandle directory, string path, string name, int depth)
    {
        string[] entries;
        try
        {
            entries = [.. Directory.EnumerateFileSystemEntries(PlaceOf(directory)).Select(entry => Path.GetFileName(entry))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LeaveOut(path, name, "which cannot be read");
            return;
        }

        var status = FileStatus.OfHandle(directory) ?? throw new IOException($"{path} cannot be looked at: {Libc.LastErrorText()}.");
        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name + "/") { Mode = ModeOf(status) });
        foreach (var entry in entries.Order(StringComparer.Ordinal))
        {
            Add(directory, entry, $"{path}/{entry}", $"{name}/{entry}", depth + 1);
        }
    }

    private void Add(SafeFileHandle directory, string entry, string path, string name, int depth)
    {
        var place = $"{PlaceOf(directory)}/{entry}";
        if (FileStatus.OfPath(place) is not { } status)
        {
            AddMissing(Marshal.GetLastPInvokeError(), path, name);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Directory or FileKind.Regular when ArchiveName.WhyNot(name, status.Kind == FileKind.Directory) is { } reason:
                _leftOut.Add($"{path}, because {reason}");
                break;
            case FileKind.Directory:
                Enter(place, path, name, depth);
                break;
            case FileKind.Regular:
                _ = AddFile(place, path, name, followLinks: false);
                break;
            case FileKind.Link when ArchiveName.IsInWorkspace(name):
                AddLink(place, name);
                break;
            default:
                _leftOut.Add($"{path}, which is {status.Describe()}");
                break;
        }
    }

    private void AddMissing(int error, string path, string name)
    {
        // .NET shows bytes that are no UTF-8 as U+FFFD, and so the file has another name.
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            _leftOut.Add($"{path}, whose name is not UTF-8");
        }
        else if (error is not (NotFound or NotADirectory))
        {
            LeaveOut(path, name, $"which cannot be looked at ({Libc.ErrorText(error)})");
        }
    }

    private void Enter(string place, string path, string name, int depth)
    {
        if (depth > MaxDepth)
        {
            LeaveOut(path, name, $"which lies deeper than {MaxDepth} directories");
            return;
        }

        var descriptor = Libc.Open(place, Search | OpenFlags.Directory | OpenFlags.NoFollow, 0);
        if (descriptor < 0)
        {
            AddMissing(Marshal.GetLastPInvokeError(), path, name);
            return;
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        AddDirectory(directory, path, name, depth);
    }

    private void AddLink(string place, string name)
    {
        if (new FileInfo(place).LinkTarget is { } target)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });
        }
    }

    private bool AddFile(string place, string path, string name, bool followLinks)
    {
        var file = RegularFile.TryOpenRead(place, followLinks, out var problem);
        if (problem is not null)
        {
            LeaveOut(path, name, $"because {problem}");
            return false;
        }

        if (file is null)
        {
            // Gone by now: codex compresses rollouts, and turns end.
            return false;
        }

        using var content = new SnapshotStream(file, pads: ArchiveName.IsOfWorkspace(name));
        var status = FileStatus.OfHandle(file) ?? throw new IOException($"{path} cannot be looked at: {Libc.LastErrorText()}.");
        try
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = content,
                    Mode = ModeOf(status),
                    ModificationTime = File.GetLastWriteTimeUtc(file),
                }
            );
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }

        if (content.IsPadded)
        {
            _leftOut.Add($"the end of {path}, which became shorter or unreadable meanwhile; in the backup it has zeros there");
        }

        Files++;
        return true;
    }

    private void LeaveOut(string path, string name, string why) =>
        _leftOut.Add(ArchiveName.IsOfWorkspace(name) ? $"{path}, {why}" : throw new IOException($"{path} cannot be backed up, {why}."));

    // proc_pid_fd(5): the directory itself, wherever its path leads by now.
    private static string PlaceOf(SafeFileHandle directory) =>
        FormattableString.Invariant($"/proc/self/fd/{(int)directory.DangerousGetHandle()}");

    private static UnixFileMode ModeOf(FileStatus status) => (UnixFileMode)(status.Permissions & 0x1FF);
}
