using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;

namespace Plexum.Codex.Client;

/// <summary>A connection on which the daemon sends events.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>How long the daemon may be silent: three heartbeat intervals.</summary>
    public static readonly TimeSpan DefaultSilence = TimeSpan.FromSeconds(45);

    // A connection that breaks sooner does not show that the daemon is there.
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<byte[]>> _events;
    private readonly long _opened;

    private EventStream(TimeProvider time, HttpResponseMessage response, IAsyncEnumerator<SseItem<byte[]>> events) =>
        (_time, _response, _events, _opened) = (time, response, events, time.GetTimestamp());

    /// <summary>Whether it lasted long enough to show that the daemon was there.</summary>
    public bool IsProven => _time.GetElapsedTime(_opened) > Proof;

    /// <summary>The event that <see cref="MoveNextAsync"/> reached.</summary>
    public SseItem<byte[]> Current => _events.Current;

    /// <summary>Opens an event stream.</summary>
    /// <param name="http">The connection to the daemon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="silence">How long the stream may be silent.</param>
    /// <param name="path">The path to request.</param>
    /// <param name="after">The last event that is already known; 0 for none.</param>
    /// <param name="cancellationToken">Stops opening and reading.</param>
    /// <returns>Null if there are no more events.</returns>
    /// <exception cref="DaemonException">The daemon refused.</exception>
    /// <exception cref="IOException">The daemon is unreachable.</exception>
    /// <exception cref="HttpRequestException">The daemon is unreachable.</exception>
    public static async Task<EventStream?> OpenAsync(
        HttpClient http,
        TimeProvider time,
        TimeSpan silence,
        string path,
        long after,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after > 0)
        {
            request.Headers.Add("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture));
        }

        var response = await BeginAsync(http, time, request, silence, cancellationToken).ConfigureAwait(false);
        try
        {
            await DaemonAnswer.ThrowIfProblemAsync(response, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                response.Dispose();
                return null;
            }

            var body = new LivelyStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), time, silence);
            return new EventStream(
                time,
                response,
                SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken)
            );
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public ValueTask<bool> MoveNextAsync() => _events.MoveNextAsync();

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }

    private static async Task<HttpResponseMessage> BeginAsync(
        HttpClient http,
        TimeProvider time,
        HttpRequestMessage request,
        TimeSpan silence,
        CancellationToken cancellationToken
    )
    {
        using var late = new CancellationTokenSource(silence, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DaemonBusyException("The daemon did not answer.");
        }
    }
}
