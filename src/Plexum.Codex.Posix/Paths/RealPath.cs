using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix.Paths;

/// <summary>Where a path leads once every symbolic link in it is followed.</summary>
public static class RealPath
{
    private const int Search = OpenFlags.PathOnly | OpenFlags.CloseOnExec;

    /// <summary>The real path of an existing directory; null if there is none or it cannot be reached.</summary>
    /// <param name="path">An absolute path.</param>
    public static string? OfDirectory(string path)
    {
        var descriptor = Libc.Open(path, Search | OpenFlags.Directory, 0);
        if (descriptor < 0)
        {
            return null;
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        return Of(directory);
    }

    /// <summary>The real path of an existing file of any kind, which is not opened; null if there is none or it is out of reach.</summary>
    /// <param name="path">An absolute path.</param>
    public static string? OfAnything(string path)
    {
        var descriptor = Libc.Open(path, Search, 0);
        if (descriptor < 0)
        {
            return null;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        return Of(file);
    }

    /// <summary>
    /// The real path that a directory has or, if it is missing, that it would have if it were created now. Null if something stands there,
    /// or on the way there, that is no directory: a file, or a link to nothing.
    /// </summary>
    /// <param name="path">
    /// An absolute path. It is normalised first, so <c>..</c> is the parent that the text names, not that of a link's target.
    /// </param>
    public static string? Of(string path)
    {
        var existing = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var missing = new Stack<string>();
        while (true)
        {
            if (OfDirectory(existing) is { } real)
            {
                return missing.Aggregate(real, (at, name) => Path.Combine(at, name));
            }

            if (FileStatus.OfPath(existing) is not null || Path.GetDirectoryName(existing) is not { } parent)
            {
                return null;
            }

            missing.Push(Path.GetFileName(existing));
            existing = parent;
        }
    }

    /// <summary>Whether a path is a directory or lies in it. Both are compared as texts, so both should be real and normalised.</summary>
    public static bool IsWithin(string path, string directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(directory);
        return directory == "/" || path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);
    }

    // proc_pid_fd(5): the kernel names the place, with every link followed. Of a deleted one it says so behind the path.
    private static string? Of(SafeFileHandle directory)
    {
        var link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)directory.DangerousGetHandle()}");
        return new FileInfo(link).LinkTarget is { } target && target.StartsWith('/') && FileStatus.OfPath(target) is not null
            ? target
            : null;
    }
}
