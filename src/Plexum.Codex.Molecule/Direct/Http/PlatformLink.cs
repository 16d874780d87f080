using System.Net.Http.Headers;
using System.Text;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>Sends requests to the platform, with its headers, timeouts and size limits.</summary>
internal sealed class PlatformLink : IDisposable
{
    // Only the beginning of the answer to a reply matters.
    private const int MaxReplyCharacters = 1 << 20;

    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(5);

    private readonly DirectOptions _options;
    private readonly TimeProvider _time;
    private readonly PlatformBreaker _breaker;
    private readonly HttpClient _http;
    private readonly HttpClient _once;
    private readonly string _root;
    private int _underWay;

    public PlatformLink(DirectOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _breaker = new PlatformBreaker(time, options.FirstPause);
        _root = options.PlatformUrl.AbsoluteUri.TrimEnd('/');
        _http = Client(TimeSpan.FromMinutes(5));

        // On a reused connection, HttpClient silently resends a request that broke off, even if it had an effect. So never reuse one here.
        _once = Client(TimeSpan.Zero);
    }

    /// <summary>The platform's host, for messages.</summary>
    public string Host => _options.PlatformUrl.Authority;

    /// <summary>The number of requests waiting for an answer.</summary>
    public int CallsUnderWay => Volatile.Read(ref _underWay);

    public void Dispose()
    {
        _http.Dispose();
        _once.Dispose();
    }

    /// <summary>Sends a request once.</summary>
    /// <returns>The answer, whatever its status.</returns>
    /// <exception cref="PlatformUnavailableException">There was no answer or an incomplete one, or there is no token.</exception>
    /// <exception cref="AnswerTooLargeException">The answer exceeds the size limit.</exception>
    public async Task<PlatformAnswer> SendAsync(PlatformCall call, CancellationToken cancellationToken)
    {
        var token = _options.Token.Read();
        return await _breaker.RunAsync(attempt => OnceAsync(call, token, attempt), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PlatformAnswer> OnceAsync(PlatformCall call, string token, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(call.IsForPeer ? _options.PeerLimit : _options.AnswerLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = Request(call, token);
        Interlocked.Increment(ref _underWay);
        try
        {
            using var response = await (call.IsOnce ? _once : _http)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
                .ConfigureAwait(false);
            var max = call.IsOnce ? MaxReplyCharacters : _options.MaxAnswer;
            var (body, isWhole) = await ReadAsync(response.Content, max, either.Token).ConfigureAwait(false);
            if (PlatformJson.HasTooManyValues(body.Span))
            {
                throw new AnswerTooLargeException($"An answer of the platform at {Host} has more than {PlatformJson.MaxValues} values.");
            }

            return isWhole || call.IsOnce
                ? new PlatformAnswer((int)response.StatusCode, body, isWhole, call.IsForPeer, RetryAfter(response.Headers))
                : throw new AnswerTooLargeException($"An answer of the platform at {Host} is longer than {max} bytes.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return call.IsForPeer && limit.IsCancellationRequested
                ? new PlatformAnswer(0, default, IsWhole: false, IsOfPeer: true, null)
                : throw new PlatformUnavailableException($"The platform at {Host} did not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PlatformUnavailableException($"The platform at {Host} could not be reached or broke the connection: {Reason(e)}", e);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private HttpClient Client(TimeSpan connectionLifetime) =>
        new(
            new SocketsHttpHandler
            {
                // A redirect could send the token to another host.
                AllowAutoRedirect = false,
                UseCookies = false,

                // A proxy that the environment names would see an unencrypted token, even one for this machine.
                UseProxy = _options.PlatformUrl.Scheme == Uri.UriSchemeHttps,
                ConnectTimeout = _options.AnswerLimit,
                PooledConnectionLifetime = connectionLifetime,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private HttpRequestMessage Request(PlatformCall call, string token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(_root + call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Origin", _root);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.AsWorkspace is { } workspace)
        {
            request.Headers.Add("X-Workspace-ID", workspace);
        }

        if (_options.OrganisationId is { Length: > 0 } organisation)
        {
            request.Headers.Add("X-Molecule-Org-Id", organisation);
        }

        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        return request;
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool IsWhole)> ReadAsync(
        HttpContent content,
        int max,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            var room = (int)Math.Min(count, max - body.Length);
            body.Write(buffer, 0, room);
            if (room < count)
            {
                return (body.GetBuffer().AsMemory(0, (int)body.Length), false);
            }
        }

        return (body.GetBuffer().AsMemory(0, (int)body.Length), true);
    }

    private TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        RetryAfterHeader.Of(headers, _time.GetUtcNow()) is { } wait
            ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, MaxSilence.Ticks))
            : null;

    private static string Reason(Exception e) => $"{e.Message.TrimEnd('.')}.";
}
