using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// The files that were open when this program was started, such as the sockets that systemd passes with <c>LISTEN_FDS</c> or a script's
/// lock around the daemon. They stay open here and go no further.
/// </summary>
internal static class InheritedFiles
{
    private const string Own = "/proc/self/fd";
    private const int FirstAfterStreams = 3;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    /// <summary>
    /// Has every open file, except the standard streams, closed in the programs that this process starts: fcntl(2). What .NET and this
    /// program open is so anyway.
    /// </summary>
    /// <exception cref="CodexException">They cannot be listed.</exception>
    public static void KeepFromChildren()
    {
        try
        {
            foreach (var path in Directory.GetFileSystemEntries(Own))
            {
                var descriptor = int.Parse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);
                if (descriptor >= FirstAfterStreams)
                {
                    // It fails for the directory that was listed, which is closed by now.
                    using var file = new SafeFileHandle(descriptor, ownsHandle: false);
                    _ = Libc.Fcntl(file, SetDescriptorFlags, CloseOnExec);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The open files of this process cannot be listed: {e.Message} Mount proc at /proc.", e);
        }
    }
}
