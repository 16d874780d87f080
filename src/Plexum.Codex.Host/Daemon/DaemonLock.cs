using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The lock that makes a process the daemon of a profile. The kernel releases it when the process exits or dies.</summary>
internal static class DaemonLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="CodexException">
    /// Another process holds it, and the message names that process; or a restore was interrupted.
    /// </exception>
    /// <exception cref="IOException">The lock file cannot be opened.</exception>
    public static IDisposable Acquire(Profile profile)
    {
        var own = AcquireForUpkeep(profile);
        try
        {
            // Only with the lock: a restore may have been killed since the profile was prepared.
            profile.ThrowIfHalfRestored();
            return own;
        }
        catch (CodexException)
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, also of a profile whose restore was interrupted.</summary>
    /// <inheritdoc cref="Acquire"/>
    public static IDisposable AcquireForUpkeep(Profile profile) =>
        FileLock.TryAcquire(profile.DaemonLockFile, out var holder)
        ?? throw new CodexException(
            $"A daemon of the profile {profile.Root} is already running: {holder}. Use that one, stop it, or set "
                + $"{Profile.RootVariable} to another profile. If that process is a restore or a purge, wait until it has ended."
        );
}
