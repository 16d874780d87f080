using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client.Documents;
using static Plexum.Codex.Client.DaemonRequest;

namespace Plexum.Codex.Client;

/// <summary>A client of a profile's daemon. It retries requests while the daemon restarts.</summary>
public sealed partial class DaemonClient : IDisposable
{
    /// <summary>How long the daemon may be unreachable before a command gives up.</summary>
    public static readonly TimeSpan DefaultReconnectLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(10);

    // Longer than the daemon itself waits for its agents.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(45);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _reconnect;

    /// <param name="socket">The path of the daemon's socket.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reconnect">How long the daemon may be unreachable.</param>
    public DaemonClient(string socket, TimeProvider time, TimeSpan reconnect)
    {
        (Socket, _time, _reconnect) = (socket, time, reconnect);
        _http = DaemonSocket.Client(socket);
    }

    /// <summary>A client whose requests something else answers in the place of a daemon.</summary>
    /// <param name="answers">Answers them as a daemon would; it is disposed of with the client.</param>
    /// <param name="socket">The path of the socket on which no daemon listens.</param>
    /// <param name="time">The clock.</param>
    public DaemonClient(HttpMessageHandler answers, string socket, TimeProvider time)
    {
        (Socket, _time, _reconnect) = (socket, time, TimeSpan.FromSeconds(1));
        _http = new HttpClient(answers) { BaseAddress = new Uri("http://plexum-codex"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The path of the daemon's socket.</summary>
    public string Socket { get; }

    /// <summary>The response header in which the daemon tells its version to its owner.</summary>
    public const string VersionHeader = "Plexum-Codex-Version";

    /// <summary>The version of the daemon that answered last; null if none has, or if it is too old to tell.</summary>
    public string? DaemonVersion { get; private set; }

    /// <summary>How long an event stream may be silent before it is considered broken.</summary>
    public TimeSpan Silence { get; init; } = EventStream.DefaultSilence;

    /// <summary>Connects to the daemon that listens at a socket; null if none does.</summary>
    /// <param name="socket">The path of the socket.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public static async Task<DaemonClient?> FindAsync(string socket, CancellationToken cancellationToken = default)
    {
        var client = new DaemonClient(socket, TimeProvider.System, DefaultReconnectLimit);
        var answers = false;
        try
        {
            answers = await client.IsThereAsync(cancellationToken).ConfigureAwait(false);
            return answers ? client : null;
        }
        finally
        {
            if (!answers)
            {
                client.Dispose();
            }
        }
    }

    /// <summary>Closes the connections to the daemon.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>Whether the daemon answers.</summary>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken = default) =>
        File.Exists(Socket) && await AnswersAsync(cancellationToken).ConfigureAwait(false);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = Limit(Greeting, cancellationToken);
        try
        {
            using var answer = await _http.GetAsync(new Uri("/healthz", UriKind.Relative), limit.Token).ConfigureAwait(false);
            DaemonVersion = answer.Headers.TryGetValues(VersionHeader, out var versions) ? versions.FirstOrDefault() : null;
            if (answer.Content.Headers.ContentType?.MediaType == ProblemDocument.ContentType)
            {
                // A daemon that refuses this program says why.
                await DaemonAnswer.ThrowIfProblemAsync(answer, limit.Token).ConfigureAwait(false);
            }

            return answer.IsSuccessStatusCode
                ? true
                : throw new DaemonException(
                    $"The program listening at {Socket} is not a plexum-codex daemon; stop it, or set api.socket to another path.",
                    DaemonProblem.Failed
                );
        }
        catch (HttpRequestException e) when (DaemonSocket.ConnectError(e) is SocketError.AccessDenied)
        {
            throw new DaemonException(
                $"This user may not use the daemon's socket {Socket}; run the command as the user that owns the daemon.",
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
                $"The daemon at {Socket} accepts connections but did not answer within {Greeting.TotalSeconds} seconds; "
                    + "check its log, or restart it.",
                DaemonProblem.Failed
            );
        }
    }

    /// <summary>Sends a request; retries while the daemon is unreachable.</summary>
    private Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request,
        JsonTypeInfo<T> document,
        CancellationToken cancellationToken,
        TimeSpan? answerLimit = null
    ) => SendAsync(request, (body, limit) => DaemonAnswer.ReadAsync(body, document, limit), cancellationToken, answerLimit);

    /// <summary>Sends what must not be done twice; retries only while the daemon has done nothing of it.</summary>
    private Task<T> SendOnceAsync<T>(
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

    private Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request,
        Func<Stream, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellationToken,
        TimeSpan? answerLimit = null
    ) => SendAsync(attempt => OnceAsync(request, read, answerLimit ?? Answer, attempt), cancellationToken);

    private async Task<T> SendAsync<T>(Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await new ReconnectPolicy(_time, _reconnect).TryAsync(send, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ReconnectPolicy.IsOfConnection(e))
        {
            throw new DaemonException(
                $"The daemon at {Socket} was unreachable for {_reconnect.TotalSeconds:0} seconds: {Reason(e)} "
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
            using var response = await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
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
