using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Units;
using Plexum.Codex.Processes.Daemons;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>Stops a daemon and waits until its process is gone. Every codex goes on without it.</summary>
/// <param name="daemon">The daemon.</param>
/// <param name="client">A client of it.</param>
/// <param name="profile">Its profile.</param>
internal sealed class DaemonStop(OtherDaemon daemon, DaemonClient client, Profile profile)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>Stops it at once, and says what goes on without it.</summary>
    /// <exception cref="CodexException">It did not stop.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var running = await RunningDaemon.RunningTurnsAsync(client, cancellationToken).ConfigureAwait(false);

        // systemd would make good a stop that it has not made itself, where a unit was changed to Restart=always.
        if (daemon.Unit is { } unit && UnitFile.Of(profile).Any(file => file.Name == unit))
        {
            await DaemonUnit.RunAsync("stop", unit, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            daemon.Terminate();
        }

        await EndsAsync(StopLimit, cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"The daemon, process {daemon.Pid}, has stopped. {Without(running)}");
    }

    /// <summary>Has it accept no more turns, and waits until none runs.</summary>
    /// <exception cref="CodexException">It did not stop, or does not answer.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await client.DrainAsync(cancellationToken).ConfigureAwait(false);
        StderrMessages.Write(
            $"The daemon, process {daemon.Pid}, accepts no more turns and stops once none runs. To stop it at once: "
                + "\"plexum-codex daemon stop\"."
        );
        await EndsAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"The daemon, process {daemon.Pid}, has stopped. No turn runs; queued turns run after the next start.");
    }

    private async Task EndsAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await daemon.Ended.WaitAsync(limit, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DaemonException(
                $"The daemon, process {daemon.Pid}, was still there after {limit.TotalSeconds:0} seconds; its log says what it does. "
                    + $"\"kill -9 {daemon.Pid}\" ends it without losing a turn.",
                DaemonProblem.Failed
            );
        }
    }

    private static string Without(long? running) =>
        running switch
        {
            null => "Turns that run go on without it, and its next start recovers them.",
            0 => "No turn runs.",
            1 => "1 turn goes on without it, and its next start recovers it.",
            _ => $"{running} turns go on without it, and its next start recovers them.",
        };
}
