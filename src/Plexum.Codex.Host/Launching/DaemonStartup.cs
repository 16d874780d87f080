using Plexum.Codex.Client;

namespace Plexum.Codex.Host.Launching;

/// <summary>Waits for a daemon that is being started.</summary>
internal static class DaemonStartup
{
    /// <summary>How long it may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until it answers.</summary>
    /// <param name="client">A client of it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="between">Runs each time that it has not answered; null for nothing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False if it has not answered within <see cref="Limit"/>.</returns>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public static async Task<bool> AnswersAsync(
        DaemonClient client,
        TimeProvider time,
        Action? between,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Limit; )
        {
            if (await client.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            between?.Invoke();
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
