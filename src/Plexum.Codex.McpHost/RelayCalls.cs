using System.Runtime.InteropServices;
using System.Text;

namespace Plexum.Codex.McpHost;

/// <summary>An entry of poll's list; one with the file -1 is ignored.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int File;
    public short Events;
    public short Returned;

    public static PollEntry Of(int file, short events) => new() { File = events == 0 ? -1 : file, Events = events };
}

/// <summary>
/// The C library calls that the relay uses. .NET's sockets and streams would work too, but they would multiply its size and startup time.
/// </summary>
internal static unsafe partial class RelayCalls
{
    private const int UnixFamily = 1;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int PathBytes = 108;
    private const int NameTooLong = 36;
    private const nint OpenProcess = 434;

    /// <summary>Connects to a unix socket.</summary>
    /// <returns>The descriptor; or -1, with the error number in <paramref name="error"/>.</returns>
    public static int Connect(string path, out int error)
    {
        var address = stackalloc byte[2 + PathBytes];
        new Span<byte>(address, 2 + PathBytes).Clear();
        *(ushort*)address = UnixFamily;
        if (Encoding.UTF8.GetByteCount(path) >= PathBytes)
        {
            error = NameTooLong;
            return -1;
        }

        Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, PathBytes));
        var socket = Socket(UnixFamily, Stream | CloseOnExec, 0);
        if (socket >= 0 && Connect(socket, address, 2 + PathBytes) == 0)
        {
            error = 0;
            return socket;
        }

        error = Marshal.GetLastPInvokeError();
        return -1;
    }

    /// <summary>A descriptor that becomes readable when the parent dies; -1 on kernels before 5.3, which leaves standard input.</summary>
    public static int OpenParent() => (int)Syscall(OpenProcess, ParentId(), 0);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int file, byte* buffer, nuint count);

    internal static int Poll(PollEntry* entries, nuint count) => Poll(entries, count, -1);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint first, nint second);
}
