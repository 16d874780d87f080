using System.Collections.Immutable;
using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Host.Units;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon start</c>: starts the daemon unless it runs.</summary>
internal static class StartCommand
{
    internal static readonly Option<bool> Detached = new("--detached")
    {
        Description = "Start it in a session of its own, even if there is a systemd unit for the profile.",
    };

    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Also listen on TCP, on loopback only, as \"serve --listen\" does.",
        HelpName = "ADDRESS:PORT",
    };

    public static Command Create()
    {
        var command = new Command(
            "start",
            "Start the daemon, and wait until it answers. Exit codes: 0 it runs, 1 it did not start, 2 refused."
        )
        {
            Listen,
            Detached,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The unit that starts the daemon; null if it is to be started without one.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="CodexException">Several units have the profile.</exception>
    internal static string? UnitOf(ProgramSettings settings) =>
        UnitFile.Of(settings.Profile) switch
        {
            [] => null,
            [var unit] => unit.Name,
            var several => throw new CodexException(
                $"Several units run a daemon of the profile {settings.Profile.Root}: "
                    + $"{string.Join(", ", several.Select(unit => unit.Name))}. Start one with systemctl --user, or remove all but one."
            ),
        };

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        ImmutableArray<string> assignments = [.. arguments.GetValue(CommonOptions.Set)!];
        var settings = ProgramSettings.Load(Profile.OfUser(), assignments);
        using var client = new DaemonClient(settings.Api.Socket, TimeProvider.System, DaemonClient.DefaultReconnectLimit);
        var start = new DaemonStart(settings, client);
        var options = Options(assignments, arguments.GetValue(Listen));
        if (await client.IsThereAsync(cancellationToken).ConfigureAwait(false))
        {
            ThrowUnlessListening(settings, arguments.GetValue(Listen));
            await AskedSettings.CheckDaemonAsync(client, settings, cancellationToken).ConfigureAwait(false);
            await start.TellAsync(cancellationToken).ConfigureAwait(false);
            return ExitCodes.Done;
        }

        if (!arguments.GetValue(Detached) && UnitOf(settings) is { } unit)
        {
            ThrowIfAny(options, $"systemd starts the daemon by its unit {unit}, which does not get what is given here");
            await start.BySystemdAsync(unit, "start", cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await start.DetachAsync(["serve", .. options], cancellationToken).ConfigureAwait(false);
        }

        await start.TellAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static ImmutableArray<string> Options(ImmutableArray<string> assignments, string? listen) =>
        [.. assignments.SelectMany(assignment => new[] { "--set", assignment }), .. listen is null ? [] : new[] { "--listen", listen }];

    // The settings do not say where a daemon listens, its arguments do.
    private static void ThrowUnlessListening(ProgramSettings settings, string? listen)
    {
        var arguments = RunningDaemon.Find(settings.Profile)?.Arguments ?? [];
        if (listen is not null && DaemonArguments.ValuesOf(arguments, Listen.Name).LastOrDefault() != listen)
        {
            throw new CodexException(
                $"A daemon is running already, and it was not started with --listen {listen}. Stop it and start it with "
                    + $"\"plexum-codex daemon start --listen {listen}\"."
            );
        }
    }

    // Nothing that was asked for is dropped in silence.
    private static void ThrowIfAny(ImmutableArray<string> options, string why)
    {
        if (!options.IsEmpty)
        {
            throw new CodexException(
                $"{why}: {SecretMask.Of(string.Join(' ', options))}. Write settings into plexum-codex.hocon and restart it, or stop it "
                    + "and start it with \"plexum-codex daemon start --detached\"."
            );
        }
    }
}
