using System.Net.Sockets;
using System.Text;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools.Connections;

/// <summary>
/// The unix socket of an agent's tools, in a directory that only the owner may enter. Its name is a hash, so its length does not depend
/// on the agent's id.
/// </summary>
internal sealed class ToolSocket : IDisposable
{
    /// <summary>The maximum length of a path: the kernel allows 107 bytes, and the temporary name needs 7 of them.</summary>
    public const int MaxPathBytes = 100;

    private const UnixFileMode OwnersDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int Backlog = 16;

    private readonly (ulong Inode, uint Major, uint Minor)? _file;

    private ToolSocket(string path, Socket listener)
    {
        (Path, Listener) = (path, listener);
        _file = FileAt(path);
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    /// <summary>The listening socket.</summary>
    public Socket Listener { get; }

    /// <summary>
    /// The socket's path for an agent: in the profile or, if that is too long, in a private directory under the session's runtime directory
    /// or the temporary directory.
    /// </summary>
    public static string PathFor(string profile, AgentId agent, string? runtimeDirectory)
    {
        var name = ToolServerName.Hash(agent.Value, 8) + ".sock";
        var usual = System.IO.Path.Combine(profile, "run", name);
        if (Encoding.UTF8.GetByteCount(usual) <= MaxPathBytes)
        {
            return usual;
        }

        var folder = $"plexum-codex-{ToolServerName.Hash($"{Environment.UserName}\n{profile}", 6)}";
        return new[] { runtimeDirectory, System.IO.Path.GetTempPath() }
            .Where(parent => !string.IsNullOrEmpty(parent) && System.IO.Path.IsPathFullyQualified(parent))
            .Select(parent => System.IO.Path.Combine(parent!, folder, name))
            .FirstOrDefault(path => Encoding.UTF8.GetByteCount(path) <= MaxPathBytes)
            ?? System.IO.Path.Combine("/tmp", folder, name);
    }

    /// <summary>Creates the socket and listens; it replaces one that an earlier process left.</summary>
    /// <exception cref="IOException">The directory is not this user's, or the socket cannot be created; the message says why.</exception>
    public static ToolSocket Listen(string path)
    {
        Own(System.IO.Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid().ToString("N")[..6]}";
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // .NET deletes the path that it bound, even if it belongs to another process by then; so bind a temporary one.
            listener.Bind(new UnixDomainSocketEndPoint(temporary));
            listener.Listen(Backlog);
            return Libc.Rename(temporary, path) == 0 ? new ToolSocket(path, listener) : throw new IOException(Libc.LastErrorText());
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException or IOException)
        {
            listener.Dispose();
            throw new IOException($"The socket {path} cannot be created: {e.Message}", e);
        }
    }

    /// <summary>Stops listening and deletes the file, unless another process has replaced it.</summary>
    public void Dispose()
    {
        Listener.Dispose();
        if (_file is not null && FileAt(Path) == _file)
        {
            File.Delete(Path);
        }
    }

    private static (ulong, uint, uint)? FileAt(string path) =>
        FileStatus.OfPath(path) is { } status ? (status.Inode, status.DeviceMajor, status.DeviceMinor) : null;

    // In a shared directory, another user may have created it first.
    private static void Own(string directory)
    {
        try
        {
            OwnerOnly.CreateDirectory(directory);
            if (FileStatus.OfPath(directory) is not { Kind: FileKind.Directory } status || status.Owner != Libc.EffectiveUser())
            {
                throw new IOException($"{directory} is not a directory owned by this user; remove it, or have its owner remove it.");
            }

            if (!OperatingSystem.IsWindows() && (status.Permissions & 0x1FF) != (uint)OwnersDirectory)
            {
                File.SetUnixFileMode(directory, OwnersDirectory);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{directory} cannot be used: {e.Message}", e);
        }
    }
}
