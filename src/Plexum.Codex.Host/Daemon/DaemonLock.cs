using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The right to be the daemon of a profile. The kernel gives it back when the process ends, however it ends.</summary>
internal static class DaemonLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="CodexException">Another process has it; the message names that process.</exception>
    /// <exception cref="IOException">The lock's file cannot be opened.</exception>
    public static IDisposable Acquire(Profile profile) =>
        AgentLock.TryAcquire(profile.DaemonLockFile, out var holder)
            ?? throw new CodexException(
                $"A daemon of the profile {profile.Root} is running already: {holder}. Use that one, stop it, or set {Profile.RootVariable} to another profile.");
}
