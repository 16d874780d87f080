using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Client;

/// <summary>
/// Reads the events of a turn of the daemon's, each once and in their order. A connection that breaks is made anew and goes on
/// behind the last event; only a daemon that is away for too long ends the reading early.
/// </summary>
internal sealed class TurnEventReader : IAsyncDisposable
{
    // What broke off sooner was no real connection.
    private static readonly TimeSpan s_proof = TimeSpan.FromSeconds(1);

    // Three times as long as a daemon that has nothing to tell waits before it gives a sign of life.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(45);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TurnId _turn;
    private readonly Patience _patience;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _silence;
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<byte[]>>? _events;
    private long _opened;
    private bool _isOver;

    /// <param name="http">The way to the daemon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long the daemon may be away.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="after">The last event that is known already; 0 for none.</param>
    public TurnEventReader(HttpClient http, TimeProvider time, TimeSpan patience, TurnId turn, long after)
    {
        (_http, _time, _limit, _turn, LastSeq) = (http, time, patience, turn, after);
        _patience = new Patience(time, patience);
        _silence = patience < s_silence ? patience : s_silence;
    }

    /// <summary>The last event that is known.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The next event; null behind the last one.</summary>
    /// <exception cref="DaemonException">The daemon was away for too long, or refuses.</exception>
    public async ValueTask<TurnLogLine?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return null;
        }

        try
        {
            var next = await _patience.TryAsync(MoveAsync, cancellationToken).ConfigureAwait(false);
            LastSeq = next?.Seq ?? LastSeq;
            _isOver = next is not { IsEnd: false };
            return next;
        }
        catch (Exception e) when (Patience.IsOfConnection(e))
        {
            throw new DaemonException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The daemon was away for {_limit.TotalSeconds:0} seconds. The turn goes on without it; when \"plexum-codex serve\" runs again, this shows the rest: plexum-codex events {_turn} --follow --from {LastSeq + 1}"),
                ExitCodes.Failed, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_events is not null)
        {
            await _events.DisposeAsync().ConfigureAwait(false);
        }

        _response?.Dispose();
        (_events, _response) = (null, null);
    }

    private async ValueTask<TurnLogLine?> MoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_events is null && !await OpenAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            while (await _events!.MoveNextAsync().ConfigureAwait(false))
            {
                if (Line(_events.Current) is var line && line.Seq > LastSeq)
                {
                    return line.Seq == LastSeq + 1 ? line : throw new IOException($"Event {LastSeq + 1} was left out.");
                }
            }

            throw new EndOfStreamException("The events ended before the turn did.");
        }
        catch
        {
            if (_response is not null && _time.GetElapsedTime(_opened) > s_proof)
            {
                _patience.Seen();
            }

            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <returns>False when there is nothing more to come.</returns>
    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/turns/{_turn}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (LastSeq > 0)
        {
            request.Headers.Add("Last-Event-ID", LastSeq.ToString(CultureInfo.InvariantCulture));
        }

        _response = await BeginAsync(request, cancellationToken).ConfigureAwait(false);
        _opened = _time.GetTimestamp();
        await DaemonClient.ThrowIfProblemAsync(_response, cancellationToken).ConfigureAwait(false);
        if (_response.StatusCode == HttpStatusCode.NoContent)
        {
            return false;
        }

        var body = new LivelyStream(await _response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _time, _silence);
        _events = SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        return true;
    }

    private async Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_silence);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DaemonBusyException("The daemon does not answer.");
        }
    }

    private static TurnLogLine Line(SseItem<byte[]> item) => new(
        long.TryParse(item.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0,
        item.Data,
        item.EventType == "message_end");
}
