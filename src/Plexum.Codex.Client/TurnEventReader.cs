using System.Globalization;
using System.Net.ServerSentEvents;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client;

/// <summary>
/// Reads the events of a turn, each once and in order. Their numbers grow, but some are skipped where the daemon has joined the pieces of
/// a message. Reconnects after the last event if the connection breaks; reading ends early only if the daemon is unreachable for too long.
/// </summary>
public sealed class TurnEventReader : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TurnId _turn;
    private readonly ReconnectPolicy _reconnect;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _silence;
    private EventStream? _events;
    private bool _isOver;

    /// <param name="http">The connection to the daemon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reconnect">How long the daemon may be unreachable.</param>
    /// <param name="silence">How long a connection may be silent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="after">The last event that is already known; 0 for none.</param>
    public TurnEventReader(HttpClient http, TimeProvider time, TimeSpan reconnect, TimeSpan silence, TurnId turn, long after)
    {
        (_http, _time, _limit, _silence, _turn, LastSeq) = (http, time, reconnect, silence, turn, after);
        _reconnect = new ReconnectPolicy(time, reconnect);
    }

    /// <summary>The last known event.</summary>
    public long LastSeq { get; private set; }

    /// <summary>
    /// The next event; null after the last one. The last one comes with the end of the response; by then the daemon's ledger has the turn's
    /// end too, unless it cannot be written.
    /// </summary>
    /// <exception cref="DaemonException">The daemon was unreachable for too long, or refused.</exception>
    public async ValueTask<TurnLogLine?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return null;
        }

        try
        {
            var next = await _reconnect.TryAsync(MoveAsync, cancellationToken).ConfigureAwait(false);
            LastSeq = next?.Seq ?? LastSeq;
            _isOver = next is not { IsEnd: false };
            if (_isOver)
            {
                await AwaitRecordAsync().ConfigureAwait(false);
            }

            return next;
        }
        catch (Exception e) when (ReconnectPolicy.IsOfConnection(e))
        {
            throw new DaemonException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The daemon was unreachable for {_limit.TotalSeconds:0} seconds. The turn continues without it. "
                        + $"Once \"plexum-codex daemon start\" has started it, show the rest with: "
                        + $"plexum-codex events {_turn} --follow --from {LastSeq + 1}"
                ),
                DaemonProblem.Failed,
                e
            );
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_events is not null)
        {
            await _events.DisposeAsync().ConfigureAwait(false);
            _events = null;
        }
    }

    private async ValueTask<TurnLogLine?> MoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _events ??= await EventStream
                .OpenAsync(_http, _time, _silence, $"/v1/turns/{_turn}/events", LastSeq, cancellationToken)
                .ConfigureAwait(false);
            if (_events is null)
            {
                return null;
            }

            while (await _events.MoveNextAsync().ConfigureAwait(false))
            {
                if (Line(_events.Current) is var line && line.Seq > LastSeq)
                {
                    return line;
                }
            }

            throw new EndOfStreamException("The event stream ended before the turn did.");
        }
        catch
        {
            if (_events is { IsProven: true })
            {
                _reconnect.Seen();
            }

            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The daemon ends the response once its ledger has the turn's end, or soon after: who asks for the turn then learns that it has ended.
    private async ValueTask AwaitRecordAsync()
    {
        try
        {
            while (_events is not null && await _events.MoveNextAsync().ConfigureAwait(false)) { }
        }
        catch (Exception e) when (ReconnectPolicy.IsOfConnection(e) || e is OperationCanceledException)
        {
            // The end is there already.
        }
    }

    private static TurnLogLine Line(SseItem<byte[]> item) =>
        new(
            long.TryParse(item.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0,
            item.Data,
            item.EventType == "message_end"
        );
}
