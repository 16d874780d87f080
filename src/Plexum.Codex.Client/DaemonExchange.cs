using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client.Documents;
using static Plexum.Codex.Client.DaemonRequest;

namespace Plexum.Codex.Client;

/// <summary>Sends requests to a daemon and reads its answers. It retries while the daemon restarts.</summary>
/// <param name="http">The connections to the daemon; not disposed of here.</param>
/// <param name="socket">The path of the daemon's socket.</param>
/// <param name="time">The clock.</param>
/// <param name="reconnect">How long the daemon may be unreachable.</param>
internal sealed class DaemonExchange(HttpClient http, string socket, TimeProvider time, TimeSpan reconnect)
{
    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(10);

    // Longer than the daemon itself waits for its agents.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(45);

    /// <summary>The version of the daemon that answered last; null if none has, or if it is too old to tell.</summary>
    public string? Version { get; private set; }

    /// <summary>Whether the daemon answers.</summary>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = Limit(Greeting, cancellationToken);
        try
        {
            using var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative), limit.Token).ConfigureAwait(false);
            Version = answer.Headers.TryGetValues(DaemonClient.VersionHeader, out var versions) ? versions.FirstOrDefault() : null;
            if (answer.Content.Headers.ContentType?.MediaType == ProblemDocument.ContentType)
            {
                // A daemon that refuses this program says why.
                await DaemonAnswer.ThrowIfProblemAsync(answer, limit.Token).ConfigureAwait(false);
            }

            return answer.IsSuccessStatusCode
                ? true
                : throw new DaemonException(
                    $"The program listening at {socket} is not a plexum-codex daemon; stop it, or set api.socket to another path.",
                    DaemonProblem.Failed
                );
        }
        catch (HttpRequestException e) when (DaemonSocket.ConnectError(e) is SocketError.AccessDenied)
        {
            throw new DaemonException(
                $"This user may not use the daemon's socket {socket}; run the command as the user that owns the daemon.",
                DaemonProblem.Refused,
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentOutOfRangeException)
        {
            // Nothing listens there, or the path is not valid for a socket.
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DaemonException(
                $"The daemon at {socket} accepts connections but did not answer within {Greeting.TotalSeconds} seconds; "
                    + "check its log, or restart it.",
                DaemonProblem.Failed
            );
        }
    }

    /// <summary>Sends a request and reads its document; retries while the daemon is unreachable.</summary>
    public Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request,
        JsonTypeInfo<T> document,
        CancellationToken cancellationToken,
        TimeSpan? answerLimit = null
    ) => SendAsync(request, (body, limit) => DaemonAnswer.ReadAsync(body, document, limit), cancellationToken, answerLimit);

    /// <summary>Sends a request and has its answer read; retries while the daemon is unreachable.</summary>
    public Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request,
        Func<Stream, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellationToken,
        TimeSpan? answerLimit = null
    ) => SendAsync(attempt => OnceAsync(request, read, answerLimit ?? Answer, attempt), cancellationToken);

    /// <summary>Sends what must not be done twice; retries only while the daemon has done nothing of it.</summary>
    public Task<T> SendOnceAsync<T>(
        Func<HttpRequestMessage> request,
        JsonTypeInfo<T> document,
        string ifLost,
        CancellationToken cancellationToken
    ) =>
        SendAsync<T>(
            async attempt =>
            {
                try
                {
                    return await OnceAsync(request, (body, limit) => DaemonAnswer.ReadAsync(body, document, limit), Answer, attempt)
                        .ConfigureAwait(false);
                }
                catch (Exception e) when (ReconnectPolicy.IsOfConnection(e) && MayBeDone(e))
                {
                    throw new DaemonException($"What became of the request is not known: {Reason(e)} {ifLost}", DaemonProblem.Failed, e);
                }
            },
            cancellationToken
        );

    private static bool MayBeDone(Exception e) =>
        e is DaemonBusyException busy ? !busy.HasDoneNothing : DaemonSocket.ConnectError(e) is null;

    private async Task<T> SendAsync<T>(Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await new ReconnectPolicy(time, reconnect).TryAsync(send, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ReconnectPolicy.IsOfConnection(e))
        {
            throw new DaemonException(
                $"The daemon at {socket} was unreachable for {reconnect.TotalSeconds:0} seconds: {Reason(e)} "
                    + "Start it with \"plexum-codex daemon start\" and try again.",
                DaemonProblem.Failed,
                e
            );
        }
    }

    private async ValueTask<T> OnceAsync<T>(
        Func<HttpRequestMessage> make,
        Func<Stream, CancellationToken, ValueTask<T>> read,
        TimeSpan answerLimit,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(answerLimit, cancellationToken);
        using var request = make();
        try
        {
            using var response = await http.SendAsync(request, limit.Token).ConfigureAwait(false);
            await DaemonAnswer.ThrowIfProblemAsync(response, limit.Token).ConfigureAwait(false);
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            return await read(body, limit.Token).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw new DaemonException(
                $"The daemon's response is invalid; its version may differ from this program's: {e.Message}",
                DaemonProblem.Failed,
                e
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DaemonBusyException("it did not answer in time.");
        }
    }
}
