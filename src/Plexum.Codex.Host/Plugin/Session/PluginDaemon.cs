using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Secrets;
using Plexum.Codex.Processes;

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
    private const int TailBytes = 2000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DaemonClient? _client;
    private bool _seen;

    /// <summary>How long to wait for a daemon that has disappeared before starting one: something else may be restarting it.</summary>
    public TimeSpan ReconnectPolicy { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The file for the standard output and error of a daemon started here.</summary>
    private static string OutputFile(Profile profile) => Path.Combine(profile.Logs, "plugin-daemon.log");

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

            _seen = true;
            return client;
        }
        finally
        {
            _turn.Release();
        }
    }

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

    private async Task StartAsync(DaemonClient client, ProgramSettings settings, CancellationToken cancellationToken)
    {
        var profile = settings.Profile;
        var ended = Launch(profile);
        var isFirst = true;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < StartLimit; )
        {
            if (await client.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            // If the lock is held, ours lost a race: the winner will answer soon, or an old daemon is about to exit.
            if (ended.IsCompleted && LockHolder.Find(profile.DaemonLockFile) is null)
            {
                ended = isFirst
                    ? Launch(profile)
                    : throw new DaemonException(
                        $"The daemon of the profile {profile.Root} exited during startup: {Tail(profile)}",
                        DaemonProblem.Failed
                    );
                isFirst = false;
            }

            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }

        throw new DaemonException(
            $"The daemon of the profile {profile.Root} did not answer at {settings.Api.Socket} within "
                + $"{StartLimit.TotalSeconds:0} seconds. Its output: {Tail(profile)}",
            DaemonProblem.Failed
        );
    }

    private Task<ProcessExit> Launch(Profile profile) =>
        DetachedProgram.Start(
            program.Path,
            [.. program.Arguments, "serve", .. Assignments()],
            Variables(profile),
            profile.Root,
            OutputFile(profile)
        );

    // Of what systemd tells the host's unit, only its credentials concern the daemon: the token of a workspace may be one.
    private static ImmutableDictionary<string, string> Variables(Profile profile)
    {
        var variables = ImmutableDictionary<string, string>
            .Empty.Add(Profile.RootVariable, profile.Root)
            .Add(DiagnosticsPort.Variable, DiagnosticsPort.Closed);
        return Environment.GetEnvironmentVariable(ServiceVariables.Credentials) is { Length: > 0 } credentials
            ? variables.Add(ServiceVariables.Credentials, credentials)
            : variables;
    }

    // The daemon has a log file of its own. The file for its standard error is never rotated, so only fatal errors go there.
    private IEnumerable<string> Assignments() =>
        session.Assignments.Append("log.console-level=fatal").SelectMany(assignment => new[] { "--set", assignment });

    private static string Tail(Profile profile)
    {
        try
        {
            using var file = new FileStream(OutputFile(profile), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
            using var text = new StreamReader(file, Encoding.UTF8);
            return text.ReadToEnd().Trim() is { Length: > 0 } tail ? tail : "(nothing)";
        }
        catch (IOException e)
        {
            return $"({e.Message})";
        }
    }
}
