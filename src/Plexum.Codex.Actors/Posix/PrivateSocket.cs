using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Posix;

/// <summary>A unix socket to listen at that nobody but its owner may connect to, not even for a moment.</summary>
public static class PrivateSocket
{
    /// <summary>The longest path of a unix socket, in bytes of UTF-8: what Linux takes, without the zero at the end.</summary>
    public const int MaxPathBytes = 107;

    private const int SolSocket = 1;
    private const int PeerCredentials = 17;

    /// <summary>Binds a socket, mode 0600. What a daemon that is gone has left at the path is replaced.</summary>
    /// <param name="path">The socket's absolute path; its directory must exist.</param>
    /// <exception cref="CodexException">It cannot be: the path is too long or taken, or the directory may not be written to.</exception>
    public static Socket Bind(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPathBytes)
        {
            throw new CodexException(string.Create(
                CultureInfo.InvariantCulture,
                $"The socket's path {path} has {length} bytes and a unix socket's may have {MaxPathBytes}; set api.socket to a shorter one."));
        }

        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // Linux gives the file the mode that the socket has when it is bound, less the umask.
                using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new CodexException(
                $"The socket {path} cannot be made: {e.Message.TrimEnd('.')}. Give this user the right to write to {Path.GetDirectoryName(path)}, or set api.socket to a path elsewhere.", e);
        }
    }

    private static void RemoveStale(string path)
    {
        switch (FileStatus.OfPath(path))
        {
            case null:
                return;
            case { Kind: not FileKind.Socket } other:
                throw new CodexException($"{path} is {other.Describe()} and no socket; move it away, or set api.socket to another path.");
        }

        if (FindListener(path) is { } holder)
        {
            throw new CodexException($"{holder} listens at {path} already; stop it, or set api.socket to another path.");
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"{path} was left by a daemon that is gone and cannot be removed: {e.Message} Remove it, or set api.socket to another path.", e);
        }
    }

    private static LockHolder? FindListener(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            // Nobody listens any more. Any other failure, such as a backlog that is full, means that somebody does.
            return e.SocketErrorCode == SocketError.ConnectionRefused ? null : new LockHolder(null, null);
        }

        Span<byte> credentials = stackalloc byte[12];
        return probe.GetRawSocketOption(SolSocket, PeerCredentials, credentials) >= 4
            ? LockHolder.Of(BinaryPrimitives.ReadInt32LittleEndian(credentials))
            : new LockHolder(null, null);
    }
}
