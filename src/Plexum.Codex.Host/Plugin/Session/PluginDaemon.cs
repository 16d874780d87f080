using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Launching;
using Plexum.Codex.Requests;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>
/// The daemon of the plugin's profile. If none runs, one is started in its own session, so that it outlives the plugin. If two plugins
/// start one at the same time, the daemon's lock decides, and the loser uses the winner's daemon.
/// </summary>
/// <param name="session">The plugin's settings.</param>
/// <param name="program">How to start a daemon.</param>
/// <param name="time">The clock.</param>
internal sealed class PluginDaemon(PluginSession session, DaemonProgram program, TimeProvider time) : IDisposable
{
    private const string OutputName = "plugin-daemon.log";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DaemonClient? _client;
    private bool _seen;

    /// <summary>How long to wait for a daemon that has disappeared before starting one: something else may be restarting it.</summary>
    public TimeSpan ReconnectPolicy { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Finds the daemon, or starts one and waits until it answers.</summary>
    /// <returns>A client, which this object owns.</returns>
    /// <exception cref="CodexException">No daemon runs and none can be started, or the settings are wrong.</exception>
    public async Task<DaemonClient> ClientAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var settings = session.Settings;
            var client = ClientFor(settings);
            if (
                !await client.IsThereAsync(cancellationToken).ConfigureAwait(false)
                && !(_seen && await ComesBackAsync(client, cancellationToken).ConfigureAwait(false))
            )
            {
                await StartAsync(client, settings, cancellationToken).ConfigureAwait(false);
            }

            if (!_seen && client.DaemonVersion != OwnVersion.Full)
            {
                Log.Warning(
                    "plugin: the daemon is plexum-codex {Daemon:l}, and the plugin is {Own:l}; restart the daemon to have both the same",
                    client.DaemonVersion ?? "of an earlier version",
                    OwnVersion.Full
                );
            }

            _seen = true;
            return client;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Puts into the request of a turn what of the plugin's own settings it can carry, since a daemon that runs already has others.
    /// </summary>
    /// <returns>The request, and what else differs, in sentences.</returns>
    /// <exception cref="CodexException">The daemon does not have what <c>--set</c> asks for; the message names it.</exception>
    public Task<(TurnRequest Request, ImmutableArray<string> Told)> ApplyAsync(
        DaemonClient client,
        TurnRequest request,
        CancellationToken cancellationToken
    ) => AskedSettings.ApplyOfPluginAsync(client, session.Settings, request, cancellationToken);

    public void Dispose()
    {
        _client?.Dispose();
        _turn.Dispose();
    }

    private DaemonClient ClientFor(ProgramSettings settings)
    {
        if (_client?.Socket != settings.Api.Socket)
        {
            _client?.Dispose();
            (_client, _seen) = (new DaemonClient(settings.Api.Socket, time, ReconnectPolicy), false);
        }

        return _client;
    }

    private async Task<bool> ComesBackAsync(DaemonClient known, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < ReconnectPolicy; )
        {
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
            if (await known.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private Task StartAsync(DaemonClient client, ProgramSettings settings, CancellationToken cancellationToken)
    {
        var assignments = session.Assignments.SelectMany(assignment => new[] { "--set", assignment });
        return new DaemonLauncher(program.Path, [.. program.Arguments, "serve", .. assignments], OutputName, time).StartAsync(
            client,
            settings,
            cancellationToken
        );
    }
}
