using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Processes;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// The daemon of the plugin's profile. Where none runs one is started, in a session of its own, so that it goes on without the plugin. Two
/// plugins that start one at once end with one: the daemon's lock decides, and whoever loses finds the other one's.
/// </summary>
/// <param name="session">What the plugin is set to.</param>
/// <param name="program">How a daemon is started.</param>
/// <param name="time">The clock.</param>
internal sealed class PluginDaemon(PluginSession session, DaemonProgram program, TimeProvider time) : IDisposable
{
    private const int TailBytes = 2000;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DaemonClient? _client;
    private bool _seen;

    /// <summary>How long a daemon that was there may be away, before it is taken for dead: something else may be starting it anew.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a daemon that this one starts writes on its standard streams.</summary>
    private static string OutputFile(Profile profile) => Path.Combine(profile.Logs, "plugin-daemon.log");

    /// <summary>Finds the daemon, or starts one and waits until it answers.</summary>
    /// <returns>The way to it, which stays this object's.</returns>
    /// <exception cref="CodexException">There is none and none can be started, or the settings are wrong; the message says why.</exception>
    public async Task<DaemonClient> ClientAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var settings = session.Settings;
            var client = ClientFor(settings);
            if (!await client.IsThereAsync(cancellationToken).ConfigureAwait(false)
                && !(_seen && await ComesBackAsync(client, cancellationToken).ConfigureAwait(false)))
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

    private DaemonClient ClientFor(HostSettings settings)
    {
        if (_client?.Socket != settings.Api.Socket)
        {
            _client?.Dispose();
            (_client, _seen) = (new DaemonClient(settings.Api.Socket, time, Patience), false);
        }

        return _client;
    }

    private async Task<bool> ComesBackAsync(DaemonClient known, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience;)
        {
            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
            if (await known.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task StartAsync(DaemonClient client, HostSettings settings, CancellationToken cancellationToken)
    {
        var profile = settings.Profile;
        var ended = Launch(profile);
        var isFirst = true;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < s_startLimit;)
        {
            if (await client.IsThereAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            // While somebody has the lock it has only lost a race, and the winner is about to answer; or an old one is about to end.
            if (ended.IsCompleted && LockHolder.Find(profile.DaemonLockFile) is null)
            {
                ended = isFirst ? Launch(profile) : throw new DaemonException($"The daemon of the profile {profile.Root} ended at its start: {Tail(profile)}", DaemonProblem.Failed);
                isFirst = false;
            }

            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
        }

        throw new DaemonException(
            $"The daemon of the profile {profile.Root} did not answer at {settings.Api.Socket} within {s_startLimit.TotalSeconds:0} seconds. It said: {Tail(profile)}", DaemonProblem.Failed);
    }

    private Task<ProcessExit> Launch(Profile profile) => DetachedProgram.Start(
        program.Path,
        [.. program.Arguments, "serve", .. Assignments()],
        ImmutableDictionary<string, string>.Empty.Add(Profile.RootVariable, profile.Root),
        profile.Root,
        OutputFile(profile));

    // Its log file has all that it says; on its standard error, which nobody makes smaller, only complaints belong.
    private IEnumerable<string> Assignments() => session.Assignments.Append("log.console-level=fatal").SelectMany(assignment => new[] { "--set", assignment });

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
