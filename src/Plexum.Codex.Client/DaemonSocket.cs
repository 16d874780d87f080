using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Client;

/// <summary>HTTP over a unix socket, if that is this user's.</summary>
internal static class DaemonSocket
{
    /// <summary>A client that sends every request to a socket. It has no timeout of its own.</summary>
    /// <exception cref="ForeignSocketException">Thrown by requests: the socket is another user's.</exception>
    public static HttpClient Client(string path) =>
        new(
            new OwnSocketHandler(
                new SocketsHttpHandler
                {
                    ConnectCallback = async (_, cancellationToken) =>
                        new NetworkStream(await ConnectAsync(path, cancellationToken).ConfigureAwait(false), ownsSocket: true),
                    UseProxy = false,
                    AllowAutoRedirect = false,
                }
            )
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
        if (FileStatus.OfPath(path) is { } file)
        {
            ThrowIfForeign(path, file.Owner);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);

            // The file may have been replaced meanwhile, or be a link. The kernel knows who listens.
            using var daemon = SocketPeer.Of(socket);
            ThrowIfForeign(path, daemon.User);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void ThrowIfForeign(string path, uint owner)
    {
        var user = Libc.EffectiveUser();
        if (owner != user)
        {
            throw new ForeignSocketException(path, owner, user);
        }
    }

    /// <summary>HttpClient reports whatever a connection fails with as a broken connection, and that would be tried again.</summary>
    private sealed class OwnSocketHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (e.InnerException is ForeignSocketException foreign)
            {
                ExceptionDispatchInfo.Throw(foreign);
                throw;
            }
        }
    }
}
