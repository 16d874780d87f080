using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Launching;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>Starts a daemon and waits until it answers.</summary>
/// <param name="settings">The settings.</param>
/// <param name="client">A client of the profile's daemon.</param>
internal sealed class DaemonStart(ProgramSettings settings, DaemonClient client)
{
    private const string OutputName = "daemon-start.log";

    /// <summary>Starts it in a session of its own.</summary>
    /// <param name="command">The command that runs it, and its options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CodexException">It did not start.</exception>
    public async Task DetachAsync(ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        settings.Profile.Prepare();
        var program = DaemonProgram.OfThisProcess();
        await new DaemonLauncher(program.Path, [.. program.Arguments, .. command], OutputName, TimeProvider.System)
            .StartAsync(client, settings, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Has systemd start it, or start it anew.</summary>
    /// <param name="unit">Its unit.</param>
    /// <param name="verb"><c>start</c> or <c>restart</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CodexException">It did not start.</exception>
    public async Task BySystemdAsync(string unit, string verb, CancellationToken cancellationToken)
    {
        await DaemonUnit.RunAsync(verb, unit, cancellationToken).ConfigureAwait(false);
        if (!await DaemonStartup.AnswersAsync(client, TimeProvider.System, null, cancellationToken).ConfigureAwait(false))
        {
            throw new DaemonException(
                $"systemd has started {unit}, but the daemon did not answer at {settings.Api.Socket} within "
                    + $"{DaemonStartup.Limit.TotalSeconds:0} seconds; \"systemctl --user status {unit}\" and "
                    + $"\"journalctl --user -u {unit}\" say why.",
                DaemonProblem.Failed
            );
        }
    }

    /// <summary>Says that it runs, what keeps it from its work, and whether it is of another version than this command.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        DaemonCommand.TellVersion(client);
        var status = await client.StatusAsync(cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine(
            $"The daemon of the profile {status.Profile} runs as process {status.Pid} and listens at {status.Socket}. "
                + "\"plexum-codex daemon logs -f\" shows its log."
        );
        foreach (var problem in status.Problems ?? [])
        {
            StderrMessages.Write($"PROBLEM {problem.Code}: {problem.Message} {problem.Remedy}");
        }
    }
}
