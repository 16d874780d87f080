using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Daemons;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>Finds the daemon of a profile, also one that does not answer.</summary>
internal static class RunningDaemon
{
    /// <summary>The process that holds the daemon's lock; null if there is none.</summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="CodexException">The kernel cannot watch other processes.</exception>
    public static OtherDaemon? Find(Profile profile) =>
        LockHolder.Find(profile.DaemonLockFile)?.Pid is { } pid ? OtherDaemon.Of(pid) : null;

    /// <summary>How many turns run; null if the daemon does not say.</summary>
    public static async Task<long?> RunningTurnsAsync(DaemonClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.IsThereAsync(cancellationToken).ConfigureAwait(false)
                ? (await client.StatusAsync(cancellationToken).ConfigureAwait(false)).Turns.Running
                : null;
        }
        catch (DaemonException)
        {
            // A daemon that does not answer can be stopped all the same.
            return null;
        }
    }
}
