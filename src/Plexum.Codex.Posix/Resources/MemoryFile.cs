using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix.Resources;

/// <summary>A file without a name that is only in memory: for what has to be written where a disk may be full.</summary>
public static partial class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const int SetFlags = 4;

    /// <summary>
    /// Creates an empty one, to whose end every write goes. It lasts as long as a process has it open (memfd_create(2)).
    /// </summary>
    /// <param name="name">What <c>/proc</c> shows as its name.</param>
    /// <exception cref="IOException">It cannot be created; the message says why.</exception>
    public static SafeFileHandle Create(string name)
    {
        var descriptor = MemfdCreate(name, CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"A file in memory cannot be created: {Libc.LastErrorText()}.");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = Libc.Fcntl(file, SetFlags, OpenFlags.Append);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
