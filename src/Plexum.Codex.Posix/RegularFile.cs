using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>Opens files in places where someone else may have put a link, a pipe or a directory.</summary>
public static class RegularFile
{
    private const int NotFound = 2;
    private const int NotADirectory = 20;
    private const int TooManyLinks = 40;

    /// <summary>
    /// Opens a regular file for reading. If there is none, it returns null and no <paramref name="problem"/>; if there is something
    /// else, or the file is unreadable, null and a problem. It never blocks, not even on a pipe.
    /// </summary>
    public static SafeFileHandle? TryOpenRead(string path, bool followLinks, out string? problem)
    {
        var flags = OpenFlags.ReadOnly | OpenFlags.CloseOnExec | OpenFlags.NonBlocking | (followLinks ? 0 : OpenFlags.NoFollow);
        var descriptor = Libc.Open(path, flags, 0);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            problem = error switch
            {
                NotFound or NotADirectory => null,
                TooManyLinks => "it is a link",
                _ => $"it cannot be read ({Libc.ErrorText(error)})",
            };
            return null;
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileStatus.OfHandle(file) is { Kind: FileKind.Regular })
        {
            problem = null;
            return file;
        }

        problem = $"it is {FileStatus.OfHandle(file)?.Describe() ?? "not a file"}";
        file.Dispose();
        return null;
    }

    /// <summary>Opens a file with the given flags plus close-on-exec and no-follow; a created file gets mode 0600.</summary>
    /// <exception cref="IOException">
    /// It cannot be opened; the message names the file and the reason, and the HResult is the error number.
    /// </exception>
    public static SafeFileHandle Open(string path, int flags)
    {
        var descriptor = Libc.Open(path, flags | OpenFlags.CloseOnExec | OpenFlags.NoFollow, 0x180);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"{path} cannot be opened: {Libc.ErrorText(error)}.", error);
    }
}
