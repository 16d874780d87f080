using System.Diagnostics;

namespace Plexum.Codex.TestSupport;

/// <summary>A named pipe that nobody writes to: whoever opens it without care waits for ever.</summary>
public static class NamedPipe
{
    /// <summary>Makes one, and the directories above it.</summary>
    public static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var process = Process.Start("mkfifo", ["-m", "755", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
