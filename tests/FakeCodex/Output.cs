using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FakeCodex;

/// <summary>
/// Standard output or error by plain writes: each line, or each chunk, is one. A FileStream would keep a position of its
/// own where the descriptor is a file, and the console's stream says nothing of a reader that has gone.
/// </summary>
internal sealed partial class Output(int descriptor)
{
    private readonly Lock _guard = new();

    public static Output Standard { get; } = new(1);

    public static Output Error { get; } = new(2);

    /// <summary>How many bytes go out at a time; 0 for all that there is.</summary>
    public int ChunkSize { get; set; }

    public void Line(string text) => Write(Encoding.UTF8.GetBytes(text + "\n"));

    /// <exception cref="IOException">Nobody reads any more, or it was closed.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_guard)
        {
            while (!bytes.IsEmpty)
            {
                var size = ChunkSize <= 0 ? bytes.Length : Math.Min(ChunkSize, bytes.Length);
                bytes = bytes[WriteOnce(bytes[..size])..];
            }
        }
    }

    /// <summary>Lets go of the pipe or file, so that its reader sees the end. The runtime holds duplicates of it.</summary>
    public void Abandon()
    {
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        var own = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        foreach (var other in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (new FileInfo(other).LinkTarget == own && Path.GetFileName(other) != "2")
            {
                _ = Duplicate((int)nowhere.DangerousGetHandle(), int.Parse(Path.GetFileName(other), CultureInfo.InvariantCulture));
            }
        }
    }

    private int WriteOnce(ReadOnlySpan<byte> bytes)
    {
        const int Interrupted = 4;
        for (; ; )
        {
            var written = (int)Write(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written >= 0)
            {
                return written;
            }

            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, in byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);
}
