using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes.Table;

/// <summary>Reads the small files of <c>/proc</c>, with three system calls each.</summary>
internal static class ProcFile
{
    /// <summary>Fills the buffer from the start of the file.</summary>
    /// <returns>How many bytes were read; 0 if the file is missing or unreadable.</returns>
    public static int Read(string path, Span<byte> buffer)
    {
        var descriptor = Libc.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec, 0);
        if (descriptor < 0)
        {
            return 0;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var length = 0;
        while (length < buffer.Length && Libc.Read(file, buffer[length..], buffer.Length - length) is > 0 and var count)
        {
            length += (int)count;
        }

        return length;
    }

    /// <summary>Reads a whole file of unknown length, up to <paramref name="max"/> bytes.</summary>
    public static byte[] ReadAll(string path, int max)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var length = Read(path, buffer);
            if (length < buffer.Length || buffer.Length >= max)
            {
                return buffer[..length];
            }

            buffer = new byte[Math.Min(buffer.Length * 4, max)];
        }
    }
}
