using System.Collections.Immutable;
using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Serving;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Units;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon restart</c>: stops the daemon and starts this version of the program in its place, with the same arguments.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var command = new Command(
            "restart",
            "Stop the daemon, if one runs, and start this version of the program, with the arguments that the daemon was started with. "
                + "Turns that run go on meanwhile. Exit codes: 0 it runs, 1 it did not stop or start, 2 refused."
        )
        {
            StopCommand.Drain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The command of a daemon and its options, out of all its arguments; null if there is none.</summary>
    internal static ImmutableArray<string>? CommandOf(ImmutableArray<string> arguments)
    {
        var program = arguments is [var first, _, ..] && Path.GetFileNameWithoutExtension(first) == "dotnet" ? 2 : 1;
        return arguments.Length > program && arguments[program..].Any(argument => argument is ServeCommand.Name or MoleculeCommand.Name)
            ? arguments[program..]
            : null;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var assignments = arguments.GetValue(CommonOptions.Set)!;
        if (assignments.Length > 0)
        {
            throw new CodexException(
                "A restarted daemon keeps the arguments that it has. Write settings into plexum-codex.hocon, or stop it and start it "
                    + "with other ones."
            );
        }

        var settings = ProgramSettings.Load(Profile.OfUser(), assignments);
        using var client = new DaemonClient(settings.Api.Socket, TimeProvider.System, TimeSpan.FromSeconds(10));
        var start = new DaemonStart(settings, client);
        var daemon = RunningDaemon.Find(settings.Profile);
        var unit = daemon is null ? StartCommand.UnitOf(settings) : UnitOf(settings, daemon.Unit);
        var command = (daemon is null ? null : CommandOf(daemon.Arguments)) ?? [ServeCommand.Name];
        if (daemon is not null)
        {
            var stop = new DaemonStop(daemon, client, settings.Profile);
            await (
                arguments.GetValue(StopCommand.Drain) ? stop.DrainAsync(cancellationToken) : stop.StopAsync(cancellationToken)
            ).ConfigureAwait(false);
        }

        await (
            unit is null ? start.DetachAsync(command, cancellationToken) : start.BySystemdAsync(unit, "start", cancellationToken)
        ).ConfigureAwait(false);
        await start.TellAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    // A daemon that runs without a unit is started without one again.
    private static string? UnitOf(ProgramSettings settings, string? unit) =>
        UnitFile.Of(settings.Profile).Select(file => file.Name).FirstOrDefault(name => name == unit);
}
