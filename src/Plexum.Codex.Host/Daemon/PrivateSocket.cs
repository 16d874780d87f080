using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Daemon;

/// <summary>A listening unix socket that only its owner can connect to, from the moment it exists.</summary>
public static class PrivateSocket
{
    /// <summary>The maximum length of a unix socket's path on Linux, in bytes of UTF-8, without the terminating zero.</summary>
    public const int MaxPathBytes = 107;

    private const int SolSocket = 1;
    private const int PeerCredentials = 17;

    /// <summary>Binds a socket with mode 0600. A socket that a dead daemon left at the path is replaced.</summary>
    /// <param name="path">The socket's absolute path; its directory must exist.</param>
    /// <exception cref="CodexException">The path is too long or in use, or the directory is not writable.</exception>
    public static Socket Bind(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPathBytes)
        {
            throw new CodexException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The socket's path {path} has {length} bytes, but a unix socket's path may have at most {MaxPathBytes}; "
                        + $"set api.socket to a shorter one."
                )
            );
        }

        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // On Linux the file gets the mode that the socket has when it is bound, minus the umask.
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
                $"The socket {path} cannot be created: {e.Message.TrimEnd('.')}. "
                    + $"Give this user write access to {Path.GetDirectoryName(path)}, or set api.socket to a path elsewhere.",
                e
            );
        }
    }

    private static void RemoveStale(string path)
    {
        switch (FileStatus.OfPath(path))
        {
            case null:
                return;
            case { Kind: not FileKind.Socket } other:
                throw new CodexException($"{path} is {other.Describe()}, not a socket; move it away, or set api.socket to another path.");
        }

        if (FindListener(path) is { } holder)
        {
            throw new CodexException($"{holder} is already listening on {path}; stop it, or set api.socket to another path.");
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"{path} was left by a dead daemon and cannot be removed: {e.Message} Remove it, or set api.socket to another path.",
                e
            );
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
            // Refused means that nobody listens. Any other failure, such as a full backlog, means that somebody does.
            return e.SocketErrorCode == SocketError.ConnectionRefused ? null : new LockHolder(null, null);
        }

        Span<byte> credentials = stackalloc byte[12];
        return probe.GetRawSocketOption(SolSocket, PeerCredentials, credentials) >= 4
            ? LockHolder.Of(BinaryPrimitives.ReadInt32LittleEndian(credentials))
            : new LockHolder(null, null);
    }
}
