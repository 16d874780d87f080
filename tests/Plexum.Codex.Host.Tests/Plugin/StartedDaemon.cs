using System.Runtime.InteropServices;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The daemon that a plugin has started in a stage's profile. The test that had it started ends it.</summary>
internal sealed partial class StartedDaemon(HostStage stage)
{
    private string LockFile => Path.Combine(stage.Profile, "daemon.lock");

    /// <summary>The number of its process; null where none runs.</summary>
    public int? Pid => LockHolder.Find(LockFile)?.Pid;

    /// <summary>Ends it, and every codex of its turns.</summary>
    public async Task EndAsync()
    {
        if (Pid is { } pid)
        {
            _ = Kill(pid, 9);
            using var limit = new CancellationTokenSource(DaemonStage.Limit);
            (await AgentLock.AcquireAsync(LockFile, TimeProvider.System, _ => { }, limit.Token)).Dispose();
        }

        foreach (var call in stage.Turns.Where(call => Processes.ProcessIdentity.Read(call.Pid) is not null))
        {
            _ = Kill(call.Pid, 9);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
