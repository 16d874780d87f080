using System.Globalization;
using System.Runtime.InteropServices;

namespace Plexum.Codex.TestSupport;

/// <summary>A disk without any space left, for one file.</summary>
public static class FullDisk
{
    /// <summary>Until the result is disposed, every write to the file, which this process has open, fails.</summary>
    public static IDisposable FillForAWhile(string path)
    {
        var descriptor = DescriptorOf(path);
        var kept = Duplicate(descriptor);
        Replace(descriptor);
        return new Emptied(kept, descriptor);
    }

    /// <summary>From here on every write to the file, which this process has open, fails.</summary>
    public static void Fill(string path) => Replace(DescriptorOf(path));

    private static void Replace(int descriptor)
    {
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Equal(descriptor, Duplicate((int)full.DangerousGetHandle(), descriptor));
    }

    private static int DescriptorOf(string path)
    {
        var link = Assert.Single(Directory.GetFiles("/proc/self/fd"), link =>
            new FileInfo(link).LinkTarget == path && IsForWriting(Path.GetFileName(link))
        );
        return int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture);
    }

    // Readers may have the file open as well.
    private static bool IsForWriting(string descriptor)
    {
        const int AccessMode = 3;
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{descriptor}")
                .First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & AccessMode) != 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int source, int target);

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int source);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);

    private sealed class Emptied(int kept, int descriptor) : IDisposable
    {
        public void Dispose()
        {
            Assert.Equal(descriptor, Duplicate(kept, descriptor));
            Assert.Equal(0, Close(kept));
        }
    }
}
