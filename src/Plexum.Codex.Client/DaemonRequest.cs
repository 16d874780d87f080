using System.Net.Http.Headers;

namespace Plexum.Codex.Client;

/// <summary>The parts of a request to the daemon.</summary>
internal static class DaemonRequest
{
    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    public static HttpRequestMessage Post(string path, byte[] json) =>
        new(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

    /// <summary>Ends a request after a time, or when the caller does not want it any more.</summary>
    public static CancellationTokenSource Limit(TimeSpan after, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(after);
        return limit;
    }

    /// <summary>Why a request failed, as the end of a sentence.</summary>
    public static string Reason(Exception e) =>
        DaemonSocket.ConnectError(e) is not null ? "nothing listens there."
        : e.Message.EndsWith('.') ? e.Message
        : e.Message + ".";
}
