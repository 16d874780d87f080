using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>C library calls that .NET lacks. Unless stated otherwise, they return -1 on failure and set the error number.</summary>
public static partial class Libc
{
    /// <summary><c>LOCK_EX</c> of <c>flock</c>.</summary>
    public const int LockExclusive = 2;

    /// <summary><c>LOCK_NB</c> of <c>flock</c>.</summary>
    public const int LockNonBlocking = 4;

    /// <summary><c>LOCK_UN</c> of <c>flock</c>.</summary>
    public const int Unlock = 8;

    /// <summary><c>F_OK</c> of <c>access</c>.</summary>
    public const int IsThere = 0;

    /// <summary><c>X_OK</c> of <c>access</c>.</summary>
    public const int MayExecute = 1;

    /// <summary><c>W_OK</c> and <c>X_OK</c> of <c>access</c>.</summary>
    public const int MayWriteAndEnter = 2 | 1;

    /// <summary>An error number as the end of a sentence: <c>Permission denied</c>.</summary>
    public static string ErrorText(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The error of the last call as the end of a sentence.</summary>
    public static string LastErrorText() => Marshal.GetLastPInvokeErrorMessage();

    /// <summary>Opens a file.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    /// <summary>Opens a file whose path is relative to an open directory.</summary>
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(SafeFileHandle directory, string path, int flags, uint mode);

    /// <summary>Flushes a file to disk.</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeFileHandle file);

    /// <summary>Sets the mode of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Fchmod(SafeFileHandle file, uint mode);

    /// <summary>Sets owner and group of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int Fchown(SafeFileHandle file, uint owner, uint group);

    /// <summary>Copies bytes between files inside the kernel.</summary>
    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyFileRange(
        SafeFileHandle source,
        ref long sourceAt,
        SafeFileHandle target,
        ref long targetAt,
        nuint count,
        uint flags
    );

    /// <summary>Renames a file, replacing an existing one.</summary>
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    /// <summary>Renames a file, as the flags say. Not every file system supports them.</summary>
    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    /// <summary>Gives a file another name, which must be free.</summary>
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string from, string to);

    /// <summary>Checks whether this process may access a path.</summary>
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>The effective user of this process.</summary>
    public static uint EffectiveUser() => GetEffectiveUser();

    /// <summary>Takes or releases the lock of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    /// <summary>Reads the status of a file.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> result);

    /// <summary>Changes the flags of a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(SafeFileHandle file, int command, int argument);

    /// <summary>Creates an inotify instance.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyInit(int flags);

    /// <summary>Watches a path.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAddWatch(SafeFileHandle inotify, string path, uint mask);

    /// <summary>Stops watching a path.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int InotifyRemoveWatch(SafeFileHandle inotify, int watch);

    /// <summary>Reads from a file.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint count);

    /// <summary>Writes to a file.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nint count);

    /// <summary>Sends a signal to a process or a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Waits for a child, optionally without reaping it.</summary>
    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, Span<byte> info, int options);

    /// <summary>Waits for a child and reaps it.</summary>
    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    /// <summary>Waits for events on a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entries, nuint count, int timeoutMilliseconds);

    /// <summary>Makes a system call that the C library has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    // Without marshalling, the generated code is the import itself, and imports should not be public.
    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    /// <summary>A descriptor for <c>poll</c> to wait on.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        /// <summary>The descriptor.</summary>
        public int File;

        /// <summary>The events to wait for.</summary>
        public short Events;

        /// <summary>The events that occurred.</summary>
        public short Returned;
    }
}
