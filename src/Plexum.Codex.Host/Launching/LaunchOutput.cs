using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Resources;

namespace Plexum.Codex.Host.Launching;

/// <summary>
/// The file for what a daemon prints while it starts. If nothing can be written there, as on a full disk, it is in memory: why the daemon
/// does not start is to be read all the same.
/// </summary>
internal sealed class LaunchOutput : IDisposable
{
    private const int TailBytes = 2000;

    // Less could fit where a sentence does not.
    private const int Probe = 4096;

    private LaunchOutput(SafeFileHandle file) => File = file;

    /// <summary>The file, for a process that writes at its end.</summary>
    public SafeFileHandle File { get; }

    /// <summary>Opens it, empty.</summary>
    /// <param name="path">Where it is to be. It is created with mode 0600, and must not be a link.</param>
    /// <exception cref="CodexException">There is none, not even in memory; the message says why.</exception>
    public static LaunchOutput Open(string path)
    {
        try
        {
            return new LaunchOutput(TryOpen(path) ?? MemoryFile.Create(Path.GetFileName(path)));
        }
        catch (IOException e)
        {
            throw new CodexException($"The daemon cannot be started: {e.Message}", e);
        }
    }

    /// <summary>The end of what was printed.</summary>
    public string Tail()
    {
        try
        {
            var length = RandomAccess.GetLength(File);
            var bytes = new byte[Math.Min(length, TailBytes)];
            var count = RandomAccess.Read(File, bytes, length - bytes.Length);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, count)).Trim() is { Length: > 0 } tail ? tail : "(nothing)";
        }
        catch (IOException e)
        {
            return $"({e.Message})";
        }
    }

    /// <summary>Removes what was printed so far.</summary>
    public void Clear() => RandomAccess.SetLength(File, 0);

    public void Dispose() => File.Dispose();

    private static SafeFileHandle? TryOpen(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Append);
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, new byte[Probe], 0);
            RandomAccess.SetLength(file, 0);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return null;
        }
    }
}
