using System.Diagnostics;

namespace Plexum.Codex.TestSupport;

/// <summary>Mounts that one process and its children see, for a file system of a test's own.</summary>
public static class MountNamespace
{
    private static readonly Lazy<string?> Missing = new(Try);

    /// <summary>
    /// What <c>unshare</c> is given: a user namespace makes mounting possible for everybody whom the kernel lets have one.
    /// </summary>
    public static string[] Arguments => ["--user", "--map-root-user", "--mount"];

    /// <summary>Why it cannot be done here; null when it can.</summary>
    public static string? WhyNot => Missing.Value;

    private static string? Try()
    {
        try
        {
            var start = new ProcessStartInfo("unshare", [.. Arguments, "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"No file system can be mounted in a namespace here: {errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"There is no unshare to mount a file system in a namespace with: {e.Message}";
        }
    }
}
