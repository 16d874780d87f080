using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon stop</c>: stops the daemon and leaves every codex running.</summary>
internal static class StopCommand
{
    internal static readonly Option<bool> Drain = new("--drain")
    {
        Description = "Accept no more turns and wait for the running ones first; queued turns run after the next start.",
    };

    public static Command Create()
    {
        var command = new Command(
            "stop",
            "Stop the daemon and wait until it has ended. Turns that run go on without it, and its next start recovers them. "
                + "Exit codes: 0 no daemon runs any more, 1 it did not stop, 2 refused."
        )
        {
            Drain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var settings = OperatorSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        if (RunningDaemon.Find(settings.Profile) is not { } daemon)
        {
            Console.Out.WriteLine($"No daemon of the profile {settings.Profile.Root} is running.");
            return ExitCodes.Done;
        }

        using var client = new DaemonClient(settings.Api.Socket, TimeProvider.System, TimeSpan.FromSeconds(1));
        await RunningDaemon.TellVersionAsync(client, cancellationToken).ConfigureAwait(false);
        var stop = new DaemonStop(daemon, client, settings.Profile);
        await (arguments.GetValue(Drain) ? stop.DrainAsync(cancellationToken) : stop.StopAsync(cancellationToken)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
