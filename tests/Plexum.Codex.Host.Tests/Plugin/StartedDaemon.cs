using System.Runtime.InteropServices;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The daemon that a plugin has started in a profile. The test that had it started ends it.</summary>
internal sealed partial class StartedDaemon(string profile)
{
    private string LockFile => Path.Combine(profile, "daemon.lock");

    /// <summary>The number of its process; null where none runs.</summary>
    public int? Pid => LockHolder.Find(LockFile)?.Pid;

    /// <summary>Kills it where it runs, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (Pid is { } pid)
        {
            Kill(pid);
            using var limit = new CancellationTokenSource(Limits.Wait);
            (await AgentLock.AcquireAsync(LockFile, TimeProvider.System, _ => { }, limit.Token)).Dispose();
        }
    }

    /// <summary>Kills a process, if it is still there.</summary>
    public static void Kill(int pid) => _ = Kill(pid, 9);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
