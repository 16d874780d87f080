using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix;

/// <summary>How many descriptors this process may have open at once: sockets, files and pipes.</summary>
public static partial class DescriptorLimit
{
    // RLIMIT_NOFILE of asm-generic/resource.h, which x64 and arm64 use.
    private const int OpenFiles = 7;

    /// <summary>
    /// Raises the limit as far as this process may. CoreCLR does that too, at its start; a process that was started by something else, or
    /// whose limit was changed since, is raised here. Programs that this one starts inherit it.
    /// </summary>
    /// <returns>The limit; <see cref="long.MaxValue"/> if there is none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Raise()
    {
        var limits = new Limits { Soft = 0, Hard = 0 };
        if (GetLimit(OpenFiles, ref limits) != 0)
        {
            throw new IOException($"The limit on open files cannot be read: {Libc.LastErrorText()}.");
        }

        if (limits.Soft < limits.Hard)
        {
            var raised = limits with { Soft = limits.Hard };
            if (SetLimit(OpenFiles, ref raised) == 0)
            {
                limits = raised;
            }
        }

        return (long)Math.Min(limits.Soft, long.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, ref Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref Limits limits);

    // rlim_t has 64 bits on both processors.
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
