using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>
/// Keeps the workspace registered and online: after 90 seconds without a sign of life, the platform tells peers that it is gone.
/// </summary>
internal sealed partial class Presence : IAsyncDisposable
{
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(90);

    private readonly DirectOptions _options;
    private readonly PlatformLink _link;
    private readonly TimeProvider _time;
    private readonly Func<int> _atHand;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly long _started;
    private readonly Lock _lock = new();
    private Task? _beating;
    private PlatformRefusedException? _refusal;
    private long _lastSign;
    private long? _failingSince;

    /// <param name="options">The workspace.</param>
    /// <param name="link">Sends requests to the platform.</param>
    /// <param name="time">The clock.</param>
    /// <param name="atHand">Returns how many messages are being worked on.</param>
    /// <param name="log">The log for failed heartbeats.</param>
    public Presence(DirectOptions options, PlatformLink link, TimeProvider time, Func<int> atHand, ILogger log)
    {
        (_options, _link, _time, _atHand, _log) = (options, link, time, atHand, log);
        _started = time.GetTimestamp();
    }

    /// <summary>Registers the workspace if it is not registered or may have expired, and starts the heartbeats.</summary>
    /// <exception cref="PlatformRefusedException">The platform refuses this workspace, now or on an earlier heartbeat.</exception>
    /// <exception cref="PlatformUnavailableException">The registration failed, but may succeed later.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_refusal is { } refusal)
            {
                // The next attempt may use another token.
                _refusal = null;
                throw refusal;
            }

            if (_beating is not null && _time.GetElapsedTime(_lastSign) < Stale)
            {
                return;
            }
        }

        var card = new JsonObject { ["name"] = _options.AgentName, ["skills"] = new JsonArray() };
        if (_options.AgentDescription.Length > 0)
        {
            card["description"] = _options.AgentDescription;
        }

        var answer = await _link
            .SendAsync(
                PlatformCall.Post(
                    "/registry/register",
                    new JsonObject
                    {
                        ["id"] = _options.WorkspaceId,
                        ["url"] = "",
                        ["agent_card"] = card,
                        ["delivery_mode"] = "poll",
                    }
                ),
                cancellationToken
            )
            .ConfigureAwait(false);
        PlatformReactions.ExpectDone(answer, "register the workspace");
        lock (_lock)
        {
            _lastSign = _time.GetTimestamp();
            _beating ??= BeatAsync(_end.Token);
        }
    }

    /// <summary>
    /// Records whether a poll succeeded. While polls fail, heartbeats pause, so only polls check whether the platform is back.
    /// </summary>
    public void Polled(bool worked)
    {
        lock (_lock)
        {
            _failingSince = worked ? null : _time.GetTimestamp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        if (_beating is { } beating)
        {
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var beats = new PeriodicTimer(_options.HeartbeatInterval, _time);
        while (await beats.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!IsPollFailing())
            {
                await BeatOnceAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // If polling has stopped altogether, heartbeats resume.
    private bool IsPollFailing()
    {
        lock (_lock)
        {
            return _failingSince is { } since && _time.GetElapsedTime(since) < Stale;
        }
    }

    private async Task BeatOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _link
                .SendAsync(
                    PlatformCall.Post(
                        "/registry/heartbeat",
                        new JsonObject
                        {
                            ["workspace_id"] = _options.WorkspaceId,
                            ["error_rate"] = 0.0,
                            ["sample_error"] = "",
                            ["active_tasks"] = _atHand(),
                            ["uptime_seconds"] = (long)_time.GetElapsedTime(_started).TotalSeconds,
                        }
                    ),
                    cancellationToken
                )
                .ConfigureAwait(false);
            PlatformReactions.ExpectDone(answer, "accept a heartbeat");
            lock (_lock)
            {
                // One that comes late does not stand for the registration, which may have expired: the next wait registers again.
                _lastSign = _time.GetElapsedTime(_lastSign) < Stale ? _time.GetTimestamp() : _lastSign;
            }
        }
        catch (PlatformRefusedException e)
        {
            lock (_lock)
            {
                _refusal = e;
            }
        }
        catch (PlatformException e)
        {
            LogHeartbeat(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A heartbeat failed: {Reason}")]
    private partial void LogHeartbeat(string reason);
}
