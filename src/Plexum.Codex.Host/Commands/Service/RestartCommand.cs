using System.Collections.Immutable;
using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Serving;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Units;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon restart</c>: stops the daemon and starts it again, by its unit or with the same arguments.</summary>
internal static class RestartCommand
{
    private static readonly Option<bool> NewEnvironment = new("--new-environment")
    {
        Description = "Give the daemon the environment of this command, even if it differs from the daemon's in what matters to codex.",
    };

    public static Command Create()
    {
        var command = new Command(
            "restart",
            "Stop the daemon, if one runs, and start it again. If a systemd unit runs it, systemd starts the program that the unit names. "
                + "Otherwise this program starts, with the daemon's arguments and the environment of this command, which is compared with "
                + "the daemon's first. Running turns continue meanwhile. Exit codes: 0 it runs, 1 it did not stop or start, 2 refused."
        )
        {
            StopCommand.Drain,
            NewEnvironment,
        };
        command.SetAction(RunAsync);
        return command;
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
        var command = (daemon is null ? null : DaemonArguments.CommandOf(daemon.Arguments)) ?? [ServeCommand.Name];
        if (daemon is not null)
        {
            if (unit is null && !arguments.GetValue(NewEnvironment))
            {
                await ThrowIfOtherAsync(client, settings.Profile, command, cancellationToken).ConfigureAwait(false);
            }

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

    private static async Task ThrowIfOtherAsync(
        DaemonClient client,
        Profile profile,
        ImmutableArray<string> command,
        CancellationToken cancellationToken
    )
    {
        // What the new daemon could not read is better known while the old one runs.
        var next = ProgramSettings.Load(profile, [.. DaemonArguments.ValuesOf(command, CommonOptions.Set.Name)]);
        if (await RunningDaemon.SettingsAsync(client, cancellationToken).ConfigureAwait(false) is { } used)
        {
            new RestartEnvironment(next, Environment.GetEnvironmentVariables()).ThrowIfOther(used);
        }
        else
        {
            StderrMessages.Write("The running daemon does not tell its environment. The new one gets that of this command.");
        }
    }

    // A daemon that runs without a unit is started without one again.
    private static string? UnitOf(ProgramSettings settings, string? unit) =>
        UnitFile.Of(settings.Profile).Select(file => file.Name).FirstOrDefault(name => name == unit);
}
