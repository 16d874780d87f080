using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// Holds up whoever opens a file, until it is disposed: a lease as in fcntl(2). The kernel ends it after
/// <c>/proc/sys/fs/lease-break-time</c>, usually 45 seconds.
/// </summary>
public sealed class FileLease : IDisposable
{
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int ForWriting = 1;

    // By default the kernel tells the holder with SIGIO, which would end this process; this one is ignored.
    private const int Urgent = 23;

    private readonly SafeFileHandle _file;

    /// <param name="path">An existing file of this user, which nobody has open.</param>
    public FileLease(string path)
    {
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Assert.True(
            Libc.Fcntl(_file, SetSignal, Urgent) == 0 && Libc.Fcntl(_file, SetLease, ForWriting) == 0,
            $"{path} cannot be leased: {Libc.LastErrorText()}"
        );
    }

    /// <summary>Lets everybody go on.</summary>
    public void Dispose() => _file.Dispose();
}
