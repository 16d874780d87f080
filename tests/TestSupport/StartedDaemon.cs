using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.TestSupport;

/// <summary>The daemon that a plugin has started in a profile. The test that had it started ends it.</summary>
/// <param name="profile">The profile's directory.</param>
public sealed class StartedDaemon(string profile)
{
    private string LockFile => Path.Combine(profile, "daemon.lock");

    /// <summary>The number of its process; null where none runs.</summary>
    public int? Pid => LockHolder.Find(LockFile)?.Pid;

    /// <summary>Kills it where it runs, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (Pid is { } pid)
        {
            ProcessProbe.Signal(pid, ProcessSignal.Kill);
            using var limit = new CancellationTokenSource(Limits.Wait);
            (await FileLock.AcquireAsync(LockFile, TimeProvider.System, _ => { }, limit.Token)).Dispose();
        }
    }
}
