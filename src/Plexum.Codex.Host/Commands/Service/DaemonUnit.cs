using Plexum.Codex.Client;
using Plexum.Codex.Host.Units;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>Has systemd start or stop the daemon.</summary>
internal static class DaemonUnit
{
    /// <summary>Runs <c>systemctl --user</c> for a unit.</summary>
    /// <param name="verb"><c>start</c> or <c>stop</c>.</param>
    /// <param name="unit">The unit's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaemonException">systemd could not do it: a failure, and nothing that was refused.</exception>
    public static async Task RunAsync(string verb, string unit, CancellationToken cancellationToken)
    {
        try
        {
            await Systemctl.RunAsync([verb, unit], cancellationToken).ConfigureAwait(false);
        }
        catch (CodexException e)
        {
            throw new DaemonException(e.Message, DaemonProblem.Failed, e);
        }
    }
}
