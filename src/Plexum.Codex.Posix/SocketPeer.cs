using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>
/// The process at the other end of a unix socket, as the kernel recorded it when that process connected or, seen from a client, when it
/// began to listen. The process that uses the socket now may be another one: a child, or one that was given the descriptor.
/// </summary>
/// <remarks>
/// Facts are read from <c>/proc/&lt;pid&gt;</c> first and <see cref="IsRunning"/> afterwards: if it holds then, the facts were of this
/// process and not of a later one with the same pid. From Linux 6.5 on this is exact. An older kernel names a pid and no process, so a
/// peer that ended before <see cref="Of(Socket)"/> was called, and whose pid was given away at once, is mistaken for its successor. Where a
/// process cannot be held at all, before Linux 5.3 or in a container that forbids it, the start of the process with that pid tells.
/// </remarks>
public sealed class SocketPeer : IDisposable
{
    // SOL_SOCKET, SO_PEERCRED and SO_PEERPIDFD of asm-generic/socket.h, which x64 and arm64 use.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int PeerProcess = 77;

    private const int PidfdOpen = 434;
    private const short Readable = 1;
    private const int Interrupted = 4;
    private const int NoSuchProcess = 3;

    private readonly SafeFileHandle? _process;
    private readonly string? _start;

    private SocketPeer(int pid, uint user, uint group, (SafeFileHandle? Handle, string? Start) process) =>
        (Pid, User, Group, _process, _start) = (pid, user, group, process.Handle, process.Start);

    /// <summary>Its pid; 0 if the process is in a pid namespace that this one cannot see.</summary>
    public int Pid { get; }

    /// <summary>Its effective user.</summary>
    public uint User { get; }

    /// <summary>Its effective group.</summary>
    public uint Group { get; }

    /// <summary>Whether that very process is still running; false too if this cannot be found out.</summary>
    public bool IsRunning
    {
        get
        {
            if (_process is null)
            {
                return _start is not null && StartOf(Pid) == _start;
            }

            var entry = new Libc.PollEntry { File = (int)_process.DangerousGetHandle(), Events = Readable };
            int ready;
            do
            {
                ready = Libc.Poll(ref entry, 1, 0);
            } while (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted);

            return ready == 0;
        }
    }

    /// <summary>Reads who is at the other end.</summary>
    /// <param name="socket">A connected unix socket.</param>
    /// <exception cref="SocketException">It is not a connected unix socket.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static SocketPeer Of(Socket socket) => Of(socket, canHold: true);

    /// <inheritdoc cref="Of(Socket)"/>
    /// <param name="socket">A connected unix socket.</param>
    /// <param name="canHold">Whether to hold the process, if the kernel can.</param>
    internal static SocketPeer Of(Socket socket, bool canHold)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != credentials.Length)
        {
            throw new SocketException((int)SocketError.ProtocolOption);
        }

        var pid = MemoryMarshal.Read<int>(credentials);
        return new SocketPeer(
            pid,
            MemoryMarshal.Read<uint>(credentials[sizeof(int)..]),
            MemoryMarshal.Read<uint>(credentials[(2 * sizeof(int))..]),
            canHold ? ProcessOf(socket, pid) : (null, StartOf(pid))
        );
    }

    /// <summary>As part of a message: <c>process 4711</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Pid}");

    /// <summary>Lets go of the process; the socket stays open.</summary>
    public void Dispose() => _process?.Dispose();

    private static (SafeFileHandle? Handle, string? Start) ProcessOf(Socket socket, int pid)
    {
        Span<byte> descriptor = stackalloc byte[sizeof(int)];
        try
        {
            _ = socket.GetRawSocketOption(SocketLevel, PeerProcess, descriptor);
            return (new SafeFileHandle(MemoryMarshal.Read<int>(descriptor), ownsHandle: true), null);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ProtocolOption)
        {
            // Linux before 6.5. Every other error means that the peer is gone, and its pid may already be another's.
            return Open(pid);
        }
        catch (SocketException)
        {
            return (null, null);
        }
    }

    private static (SafeFileHandle? Handle, string? Start) Open(int pid)
    {
        if (pid > 0 && Libc.Syscall(PidfdOpen, pid, 0, 0, 0) is >= 0 and var opened)
        {
            return (new SafeFileHandle(opened, ownsHandle: true), null);
        }

        return pid > 0 && Marshal.GetLastPInvokeError() != NoSuchProcess ? (null, StartOf(pid)) : (null, null);
    }

    // Null for a process that has ended, though its parent has not noticed yet. The name, in parentheses, may contain anything; behind it
    // are the state and, as the twentieth field, when the process started (proc_pid_stat(5)).
    private static string? StartOf(int pid)
    {
        const int StartField = 19;
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > StartField && fields[0] is not ("Z" or "X") ? fields[StartField] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
