using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix.Paths;

/// <summary>
/// Opens paths that have no symbolic link in any part: each part is opened relative to the one before it (openat(2)), so whoever may write
/// to one of them cannot lead the caller elsewhere, not even while the path is being opened.
/// </summary>
// Own code: openat2(2) with RESOLVE_NO_SYMLINKS does the same, but older kernels and many containers do not have it.
public static class LinkFreePath
{
    private const int NotFound = 2;
    private const int NotDirectory = 20;
    private const int TooManyLinks = 40;

    /// <summary>Opens a directory as a place that can be entered, and not for reading.</summary>
    /// <param name="path">An absolute path without <c>.</c> and <c>..</c>.</param>
    /// <param name="problem">Why it cannot be opened, as the end of a sentence; null if it can.</param>
    /// <returns>The directory, or null.</returns>
    public static SafeFileHandle? TryOpenDirectory(string path, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        var descriptor = Libc.Open("/", OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec, 0);
        if (descriptor < 0)
        {
            problem = Libc.LastErrorText();
            return null;
        }

        return Follow(new SafeFileHandle(descriptor, ownsHandle: true), PartsOf(path), out problem);
    }

    /// <summary>Opens a regular file for reading. It never blocks, not even on a pipe.</summary>
    /// <param name="directory">The absolute path of a directory, without <c>.</c> and <c>..</c>.</param>
    /// <param name="path">The file's path relative to it, without <c>.</c> and <c>..</c>.</param>
    /// <param name="problem">Why it cannot be opened, as the end of a sentence; null if it can.</param>
    /// <returns>The file, or null.</returns>
    public static SafeFileHandle? TryOpenFile(string directory, string path, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        var parts = PartsOf(path);
        if (parts.Length == 0)
        {
            problem = "it is a directory";
            return null;
        }

        using var parent = TryOpenDirectory(Path.Combine([directory, .. parts[..^1]]), out problem);
        if (parent is null || Open(parent, parts[^1], OpenFlags.ReadOnly | OpenFlags.NonBlocking, out problem) is not { } file)
        {
            return null;
        }

        if (FileStatus.OfHandle(file) is { Kind: FileKind.Regular })
        {
            return file;
        }

        problem = $"it is {FileStatus.OfHandle(file)?.Describe() ?? "not a file"}";
        file.Dispose();
        return null;
    }

    private static string[] PartsOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static SafeFileHandle? Follow(SafeFileHandle start, string[] parts, out string? problem)
    {
        problem = null;
        var here = start;
        foreach (var part in parts)
        {
            var next = Open(here, part, OpenFlags.PathOnly | OpenFlags.Directory, out problem);
            here.Dispose();
            if (next is null)
            {
                return null;
            }

            here = next;
        }

        return here;
    }

    private static SafeFileHandle? Open(SafeFileHandle directory, string name, int flags, out string? problem)
    {
        if (name is "." or "..")
        {
            problem = $"its path contains \"{name}\"";
            return null;
        }

        var descriptor = Libc.OpenAt(directory, name, flags | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        if (descriptor >= 0)
        {
            problem = null;
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        problem = error switch
        {
            NotFound => $"{name} does not exist",
            TooManyLinks or NotDirectory => $"{name} is a link or not a directory",
            _ => $"{name} cannot be opened ({Libc.ErrorText(error)})",
        };
        return null;
    }
}
