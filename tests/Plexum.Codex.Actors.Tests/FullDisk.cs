using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Plexum.Codex;

/// <summary>A disk without any space left, for one file.</summary>
internal static class FullDisk
{
    /// <summary>From here on every write to the file, which this process has open, fails.</summary>
    public static void Fill(string path)
    {
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var link = Assert.Single(Directory.GetFiles("/proc/self/fd"), link => new FileInfo(link).LinkTarget == path);
        var descriptor = int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture);
        Assert.Equal(descriptor, Duplicate((int)full.DangerousGetHandle(), descriptor));
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int source, int target);
}
