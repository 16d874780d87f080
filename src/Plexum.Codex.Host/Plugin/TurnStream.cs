using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// Brings the events of one turn to the host, each once and in their order, and the calls of its tools. Nothing is read ahead of the host: what
/// it does not take stays in the turn's log. A daemon that dies is found or started again.
/// </summary>
internal sealed class TurnStream(StreamedTurn turn, long afterSeq, PluginDaemon daemon, RpcConnection host, HostLog log) : IDisposable
{
    // One more failure in a row, with a whole start of a daemon in each, and it is not worth a host's waiting.
    private const int MostFailures = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly TurnStreamLog _log = new(log, turn);
    private readonly HostTools _tools = new(turn, daemon, host);
    private Task _running = Task.CompletedTask;
    private long _last = afterSeq;

    public TurnId Id => turn.Id;

    /// <summary>Begins, once another one of the same turn has ended.</summary>
    /// <returns>Completes when all events are with the host, or nobody wants them any more.</returns>
    public Task Start(TurnStream? before) => _running = Task.Run(() => RunAsync(before));

    /// <summary>Has it end early; the turn goes on.</summary>
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
                // Behind the last event nothing more is asked of the host.
                await untilLast.CancelAsync().ConfigureAwait(false);
                await calls.ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HostGoneException or OperationCanceledException)
        {
            // Nobody reads any more; the turn goes on, and another plugin may pick it up.
        }
        catch (Exception e)
        {
            Log.Error(e, "plugin: the events of turn {Turn} cannot be told", turn.Id);
        }

        await untilLast.CancelAsync().ConfigureAwait(false);
        await calls.ConfigureAwait(false);
    }

    private async Task EventsAsync(Func<Task> beforeLast)
    {
        for (var failures = 0; ;)
        {
            var known = _last;
            try
            {
                await ReadAsync(beforeLast).ConfigureAwait(false);
                return;
            }
            catch (CodexException e) when (e is not HostGoneException)
            {
                Log.Warning("plugin: the events of turn {Turn} behind {Seq} cannot be read: {Reason:l}", turn.Id, _last, e.Message);
                failures = _last > known ? 1 : failures + 1;
                if (e is DaemonRefusedException || failures >= MostFailures)
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

    // The turn may well go on. These two stand in no log, so they have no number.
    private async Task BreakOffAsync(CodexException e)
    {
        await SendAsync(Line(new CanonicalEvent.Error(
            "stream_broken", $"The events of the turn cannot be read any more: {e.Message} The turn itself may go on; ask for it again by its id.", TurnErrorClass.Host, null, Retryable: true))).ConfigureAwait(false);
        await SendAsync(Line(new CanonicalEvent.MessageEnd(StopReason.Error, Usage.Zero, Usage.Zero, null, TimeSpan.Zero))).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Line(CanonicalEvent value) => CanonicalJson.ToLine(0, value);

    private Task SendAsync(ReadOnlyMemory<byte> line) =>
        host.NotifyAsync(PlexumMethods.StreamEvent, json => PlexumFrames.Event(json, turn.Id, turn.Agent, line.Span), _end.Token);
}
