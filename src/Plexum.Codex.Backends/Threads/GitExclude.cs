using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Threads;

/// <summary>
/// Keeps the session file out of the user's git, by a line in the repository's <c>info/exclude</c>: gitignore(5). A language model controls
/// the workspace, so nothing is written outside of it: no link is followed, and a list that has another name as well, as after
/// <c>cp -al</c>, is left alone. In a worktree, in a submodule and below the top of a repository, git's own files are elsewhere; there the
/// user is told instead.
/// </summary>
public static class GitExclude
{
    private const string Line = "/" + SessionFile.Name;
    private const int MaxBytes = 1024 * 1024;
    private const uint Mode = 0x1A4; // rw-r--r--, as git creates it.

    /// <summary>Keeps the file out of git if the workspace is in a work tree. File work.</summary>
    /// <param name="workspace">The absolute path of the workspace, with every link followed.</param>
    /// <returns>What the user is to know, as sentences; null if the file is kept out, or there is no repository.</returns>
    public static string? Keep(string workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var git = Path.Combine(workspace, ".git");
        return FileStatus.OfPath(git) switch
        {
            _ when Has(workspace, ".gitignore") => null,
            var status when !IsRepository(git, status) => FindAbove(workspace) is { } above
                ? Tell(workspace, $"is in the repository {above}")
                : null,
            { Kind: FileKind.Directory } => Has(git, "info/exclude") ? null : Add(workspace, git),
            _ => Tell(workspace, "has git's files elsewhere"),
        };
    }

    private static string? FindAbove(string workspace)
    {
        for (var at = Path.GetDirectoryName(workspace); at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (IsRepository(git, FileStatus.OfPath(git)))
            {
                return at;
            }
        }

        return null;
    }

    // Git asks for a HEAD, too. The sandbox of codex leaves an empty .git in directories that it lets be written (measured on 0.169.0).
    private static bool IsRepository(string git, FileStatus? status) =>
        status is not null && (status is not { Kind: FileKind.Directory } || FileStatus.OfPath(Path.Combine(git, "HEAD")) is not null);

    private static string? Add(string workspace, string git)
    {
        using var info = LinkFreePath.TryOpenDirectory(Path.Combine(git, "info"), out _);
        if (info is null)
        {
            return Tell(workspace, "is a repository without .git/info");
        }

        var flags =
            OpenFlags.ReadWrite | OpenFlags.Append | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec;
        var descriptor = Libc.OpenAt(info, "exclude", flags, Mode);
        if (descriptor < 0)
        {
            return Tell(workspace, $"is a repository whose .git/info/exclude cannot be written ({Libc.LastErrorText()})");
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileStatus.OfHandle(file) is not { Kind: FileKind.Regular, Length: var length, Links: var links })
        {
            return Tell(workspace, "is a repository whose .git/info/exclude is not a file");
        }

        if (links != 1)
        {
            return Tell(workspace, "is a repository whose .git/info/exclude is another file of the machine as well, by a hard link");
        }

        var line = Encoding.UTF8.GetBytes((EndsInALine(file, length) ? "" : "\n") + Line + "\n");
        return Append(file, length, line) is { } why
            ? Tell(workspace, $"is a repository whose .git/info/exclude cannot be written ({why})")
            : null;
    }

    // A part of the line would be a pattern of its own, and hide other files.
    private static string? Append(SafeFileHandle file, long length, ReadOnlySpan<byte> line)
    {
        var written = Libc.Write(file, line, line.Length);
        if (written == line.Length)
        {
            return null;
        }

        var why = written < 0 ? Libc.LastErrorText() : "its disk is full";
        try
        {
            if (written > 0 && RandomAccess.GetLength(file) == length + written)
            {
                RandomAccess.SetLength(file, length);
            }
        }
        catch (IOException e)
        {
            return $"{why}; a part of the line is left in it: {e.Message}";
        }

        return why;
    }

    private static bool EndsInALine(SafeFileHandle file, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return length == 0 || (RandomAccess.Read(file, last, length - 1) == 1 && last[0] == (byte)'\n');
    }

    private static bool Has(string directory, string name)
    {
        using var file = LinkFreePath.TryOpenFile(directory, name, out _);
        if (file is null || RandomAccess.GetLength(file) is not (<= MaxBytes and var length))
        {
            return false;
        }

        var bytes = new byte[length];
        var text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        return text.Split('\n').Any(line => line.TrimEnd('\r') is Line or SessionFile.Name or SessionFile.Name + "*");
    }

    private static string Tell(string workspace, string why) =>
        $"The workspace {workspace} {why}, so git shows the session file {SessionFile.Name} as new. To hide it, run in the workspace: "
        + $"echo {SessionFile.Name} >> \"$(git rev-parse --git-path info/exclude)\"";
}
