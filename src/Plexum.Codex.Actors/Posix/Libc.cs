using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>The calls of the C library that .NET has no door to. All return -1 and set the error number, where not said otherwise.</summary>
public static partial class Libc
{
    /// <summary><c>LOCK_EX</c> of <c>flock</c>.</summary>
    public const int LockExclusive = 2;

    /// <summary><c>LOCK_NB</c> of <c>flock</c>.</summary>
    public const int LockNonBlocking = 4;

    /// <summary><c>LOCK_UN</c> of <c>flock</c>.</summary>
    public const int Unlock = 8;

    /// <summary><c>X_OK</c> of <c>access</c>.</summary>
    public const int MayExecute = 1;

    /// <summary><c>W_OK</c> and <c>X_OK</c> of <c>access</c>.</summary>
    public const int MayWriteAndEnter = 2 | 1;

    /// <summary>Any error number as a sentence's end: <c>Permission denied</c>.</summary>
    public static string ErrorText(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The error of the last call as the end of a sentence.</summary>
    public static string LastErrorText() => Marshal.GetLastPInvokeErrorMessage();

    /// <summary>Opens a file.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    /// <summary>Waits until the disk has all of a file.</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeFileHandle file);

    /// <summary>Sets the mode of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Fchmod(SafeFileHandle file, uint mode);

    /// <summary>Sets owner and group of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int Fchown(SafeFileHandle file, uint owner, uint group);

    /// <summary>Copies bytes from file to file inside the kernel.</summary>
    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyFileRange(SafeFileHandle source, ref long sourceAt, SafeFileHandle target, ref long targetAt, nuint count, uint flags);

    /// <summary>Renames a file, over an existing one.</summary>
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    /// <summary>Whether this process may use a path.</summary>
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>The effective user of this process.</summary>
    public static uint EffectiveUser() => GetEffectiveUser();

    /// <summary>Takes or leaves the lock of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    /// <summary>Looks at a file.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> result);

    /// <summary>Changes how a descriptor behaves.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(SafeFileHandle file, int command, int argument);

    /// <summary>Begins to watch files.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyInit(int flags);

    /// <summary>Watches one more path.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAddWatch(SafeFileHandle inotify, string path, uint mask);

    /// <summary>Watches a path no longer.</summary>
    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int InotifyRemoveWatch(SafeFileHandle inotify, int watch);

    /// <summary>Reads from a file.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint count);

    /// <summary>Sends a signal to a process or a group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Waits for a child and may leave it waitable.</summary>
    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, Span<byte> info, int options);

    /// <summary>Waits for a child.</summary>
    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    /// <summary>Waits until something happens at a file.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entries, nuint count, int timeoutMilliseconds);

    /// <summary>Makes a call that the C library has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    // The generator makes the import itself of one that needs no marshalling, and an import is not to be visible.
    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    /// <summary>One file that <c>poll</c> waits for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        /// <summary>The descriptor.</summary>
        public int File;

        /// <summary>What is waited for.</summary>
        public short Events;

        /// <summary>What has happened.</summary>
        public short Returned;
    }
}
