using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Daemons;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>Finds the daemon of a profile, also one that does not answer.</summary>
internal static class RunningDaemon
{
    /// <summary>The daemon that holds the profile's lock; null if there is none.</summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="CodexException">
    /// Another command of this program holds the lock, such as a restore; or the kernel cannot watch other processes.
    /// </exception>
    public static OtherDaemon? Find(Profile profile)
    {
        while (LockHolder.Find(profile.DaemonLockFile) is { Pid: { } pid } holder && OtherDaemon.Of(pid) is { } found)
        {
            // Only a process that holds the lock once its identity is known is not a later one with the same pid.
            if (LockHolder.Find(profile.DaemonLockFile)?.Pid == pid)
            {
                return DaemonArguments.CommandOf(found.Arguments) is not null
                    ? found
                    : throw new CodexException(
                        $"No daemon has the lock of the profile {profile.Root}, but {holder}, which is another command of this program, "
                            + "for example a restore. It was left alone; wait until it has ended."
                    );
            }
        }

        return null;
    }

    /// <summary>Says on standard error if a daemon is of another version; nothing if it does not answer.</summary>
    public static async Task TellVersionAsync(DaemonClient client, CancellationToken cancellationToken)
    {
        if (await TryAsync(() => client.IsThereAsync(cancellationToken), false).ConfigureAwait(false))
        {
            DaemonCommand.TellVersion(client);
        }
    }

    /// <summary>How many turns run; null if the daemon does not say.</summary>
    public static Task<long?> RunningTurnsAsync(DaemonClient client, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
                await client.IsThereAsync(cancellationToken).ConfigureAwait(false)
                    ? (await client.StatusAsync(cancellationToken).ConfigureAwait(false)).Turns?.Running
                    : null,
            null
        );

    /// <summary>Its settings and environment; null if the daemon does not say.</summary>
    public static Task<SettingsDocument?> SettingsAsync(DaemonClient client, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
                await client.IsThereAsync(cancellationToken).ConfigureAwait(false)
                    ? await client.SettingsAsync(cancellationToken).ConfigureAwait(false)
                    : null,
            null
        );

    private static async Task<T> TryAsync<T>(Func<Task<T>> ask, T otherwise)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (DaemonException)
        {
            // A daemon that does not answer can be stopped all the same.
            return otherwise;
        }
    }
}
