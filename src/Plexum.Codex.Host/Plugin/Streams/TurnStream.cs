using Plexum.Codex.Client;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>
/// Streams the events of one turn to the host, each once and in order, and forwards its tool calls. Nothing is read ahead of the host:
/// what it has not taken stays in the turn's log. If the daemon dies, it is found or started again.
/// </summary>
internal sealed class TurnStream(StreamedTurn turn, long afterSeq, PluginDaemon daemon, RpcConnection host, PlexumHostLog log) : IDisposable
{
    // Each failure may include a whole daemon start.
    private const int MaxFailures = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly TurnStreamLog _log = new(log, turn);
    private readonly HostTools _tools = new(turn, daemon, host);
    private Task _running = Task.CompletedTask;
    private long _last = afterSeq;

    public TurnId Id => turn.Id;

    /// <summary>Starts, after stopping an earlier stream of the same turn.</summary>
    /// <returns>Completes when the host has all events, or the stream was stopped.</returns>
    public Task Start(TurnStream? before) => _running = Task.Run(() => RunAsync(before));

    /// <summary>Stops the stream; the turn continues.</summary>
    public void Stop() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private async Task RunAsync(TurnStream? before)
    {
        if (before is not null)
        {
            before.Stop();
            await before._running.ConfigureAwait(false);
        }

        using var untilLast = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var calls = turn.MayHaveTools ? _tools.RunAsync(untilLast.Token) : Task.CompletedTask;
        try
        {
            await EventsAsync(async () =>
                {
                    // No tool call may follow the last event.
                    await untilLast.CancelAsync().ConfigureAwait(false);
                    await calls.ConfigureAwait(false);
                })
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is HostGoneException or OperationCanceledException)
        {
            // The host is gone or the stream was stopped. The turn continues, and another plugin can resume it.
        }
        catch (Exception e)
        {
            Log.Error(e, "plugin: cannot stream the events of turn {Turn}", turn.Id);
        }

        await untilLast.CancelAsync().ConfigureAwait(false);
        await calls.ConfigureAwait(false);
    }

    private async Task EventsAsync(Func<Task> beforeLast)
    {
        for (var failures = 0; ; )
        {
            var known = _last;
            try
            {
                await ReadAsync(beforeLast).ConfigureAwait(false);
                return;
            }
            catch (CodexException e) when (e is not HostGoneException)
            {
                Log.Warning("plugin: cannot read the events of turn {Turn} after seq {Seq}: {Reason:l}", turn.Id, _last, e.Message);
                failures = _last > known ? 1 : failures + 1;
                if (e is DaemonRefusedException || failures >= MaxFailures)
                {
                    await beforeLast().ConfigureAwait(false);
                    await BreakOffAsync(e).ConfigureAwait(false);
                    return;
                }
            }
        }
    }

    private async Task ReadAsync(Func<Task> beforeLast)
    {
        var client = await daemon.ClientAsync(_end.Token).ConfigureAwait(false);
        await using var events = client.Read(turn.Id, _last);
        while (await events.NextAsync(_end.Token).ConfigureAwait(false) is { } line)
        {
            if (line.IsEnd)
            {
                await beforeLast().ConfigureAwait(false);
            }

            await _log.TellAsync(client, line.Json, _end.Token).ConfigureAwait(false);
            await SendAsync(line.Json).ConfigureAwait(false);
            _last = line.Seq;
        }
    }

    // The turn may continue. These two events are not in its log, so they have no number.
    private async Task BreakOffAsync(CodexException e)
    {
        await SendAsync(
                Line(
                    new CanonicalEvent.Error(
                        "stream_broken",
                        $"The turn's events can no longer be read: {e.Message} The turn may still be running; request it again by its id.",
                        TurnErrorClass.Internal,
                        null,
                        Retryable: true
                    )
                )
            )
            .ConfigureAwait(false);
        await SendAsync(Line(new CanonicalEvent.MessageEnd(StopReason.Error, Usage.Zero, Usage.Zero, null, TimeSpan.Zero)))
            .ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Line(CanonicalEvent value) => CanonicalJson.ToLine(0, value);

    private Task SendAsync(ReadOnlyMemory<byte> line) =>
        host.NotifyAsync(PlexumMethods.StreamEvent, json => PlexumFrames.Event(json, turn.Id, turn.Agent, line.Span), _end.Token);
}
