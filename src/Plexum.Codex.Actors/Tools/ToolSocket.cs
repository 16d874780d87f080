using System.Net.Sockets;
using System.Text;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>
/// The unix socket of an agent's tools, in a directory that only its owner may enter. Its name is a hash, so that its length does not
/// depend on the agent's id.
/// </summary>
internal sealed class ToolSocket : IDisposable
{
    /// <summary>The bytes that a path may have: the kernel takes 107 of a socket's, of which 7 are for the name it has while it is made.</summary>
    public const int MostPathBytes = 100;

    private const UnixFileMode OwnersDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int Backlog = 16;

    private readonly (ulong Inode, uint Major, uint Minor)? _file;

    private ToolSocket(string path, Socket listener)
    {
        (Path, Listener) = (path, listener);
        _file = FileAt(path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The socket to accept connections at.</summary>
    public Socket Listener { get; }

    /// <summary>
    /// The path for an agent: in the profile, or, where that would be too long, in a private directory of the session's or the system's
    /// temporary one.
    /// </summary>
    public static string PathFor(string profile, AgentId agent, string? runtimeDirectory)
    {
        var name = ToolServerName.Hash(agent.Value, 8) + ".sock";
        var usual = System.IO.Path.Combine(profile, "run", name);
        if (Encoding.UTF8.GetByteCount(usual) <= MostPathBytes)
        {
            return usual;
        }

        var folder = $"plexum-codex-{ToolServerName.Hash($"{Environment.UserName}\n{profile}", 6)}";
        return new[] { runtimeDirectory, System.IO.Path.GetTempPath() }
            .Where(parent => !string.IsNullOrEmpty(parent) && System.IO.Path.IsPathFullyQualified(parent))
            .Select(parent => System.IO.Path.Combine(parent!, folder, name))
            .FirstOrDefault(path => Encoding.UTF8.GetByteCount(path) <= MostPathBytes) ?? System.IO.Path.Combine("/tmp", folder, name);
    }

    /// <summary>Listens; a socket that an earlier process has left is replaced.</summary>
    /// <exception cref="IOException">The directory is not this user's, or the socket cannot be made; the message says why.</exception>
    public static ToolSocket Listen(string path)
    {
        Own(System.IO.Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid().ToString("N")[..6]}";
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // .NET removes the file of a name that it has bound, also when it is another process's by then; so the name is a passing one.
            listener.Bind(new UnixDomainSocketEndPoint(temporary));
            listener.Listen(Backlog);
            return Libc.Rename(temporary, path) == 0
                ? new ToolSocket(path, listener)
                : throw new IOException(Libc.LastErrorText());
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException or IOException)
        {
            listener.Dispose();
            throw new IOException($"The socket {path} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Stops listening. The file goes too, unless another process has put its own in its place.</summary>
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

    // In a directory for all, somebody else may have made it first.
    private static void Own(string directory)
    {
        try
        {
            OwnerOnly.CreateDirectory(directory);
            if (FileStatus.OfPath(directory) is not { Kind: FileKind.Directory } status || status.Owner != Libc.EffectiveUser())
            {
                throw new IOException($"{directory} is no directory of this user's; remove it, or have its owner do so.");
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
