using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The lock that makes a process the daemon of a profile. The kernel releases it when the process exits or dies.</summary>
internal static class DaemonLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="CodexException">Another process holds it; the message names that process.</exception>
    /// <exception cref="IOException">The lock file cannot be opened.</exception>
    public static IDisposable Acquire(Profile profile) =>
        FileLock.TryAcquire(profile.DaemonLockFile, out var holder)
        ?? throw new CodexException(
            $"A daemon of the profile {profile.Root} is already running: {holder}. Use that one, stop it, or set "
                + $"{Profile.RootVariable} to another profile."
        );
}
