using System.Net.Sockets;

namespace Plexum.Codex.Client;

/// <summary>HTTP over a unix socket.</summary>
internal static class DaemonSocket
{
    /// <summary>A client that sends every request to a socket. It has no timeout of its own.</summary>
    public static HttpClient Client(string path) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                    new NetworkStream(await ConnectAsync(path, cancellationToken).ConfigureAwait(false), ownsSocket: true),
                UseProxy = false,
                AllowAutoRedirect = false,
            }
        )
        {
            // The host name is never resolved.
            BaseAddress = new Uri("http://plexum-codex"),
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>The socket error if connecting failed, else null.</summary>
    public static SocketError? ConnectError(Exception e) =>
        e is HttpRequestException { InnerException: SocketException socket } ? socket.SocketErrorCode : null;

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
