using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// A WebSocket over a unix socket, as <c>codex app-server --listen unix://…</c> offers it. The socket's directory is opened first and the
/// socket is reached through it, so that the path may be longer than the 107 bytes of a unix socket's address, and no link in it is
/// followed.
/// </summary>
internal sealed class UnixWebSocket : IDisposable
{
    // The host is no host: the handler below connects to the socket whatever it says.
    private static readonly Uri Address = new("ws://localhost/");

    private readonly HttpMessageInvoker _invoker;
    private readonly ClientWebSocket _socket;

    private UnixWebSocket(HttpMessageInvoker invoker, ClientWebSocket socket) => (_invoker, _socket) = (invoker, socket);

    /// <summary>The connected socket.</summary>
    public WebSocket Socket => _socket;

    /// <summary>Connects.</summary>
    /// <param name="directory">The socket's directory, an absolute path without links.</param>
    /// <param name="name">The socket's name in it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">Nobody listens, or not with this protocol.</exception>
    public static async Task<UnixWebSocket> ConnectAsync(string directory, string name, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // Owned by the connection, which disposes it.
        var invoker = new HttpMessageInvoker(
            new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, token) => OpenAsync(directory, name, token) }
        );
#pragma warning restore CA2000
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            await socket.ConnectAsync(Address, invoker, cancellationToken).ConfigureAwait(false);
            return new UnixWebSocket(invoker, socket);
        }
        catch
        {
            socket.Dispose();
            invoker.Dispose();
            throw;
        }
    }

    /// <summary>Ends the connection at once.</summary>
    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
        _invoker.Dispose();
    }

    private static async ValueTask<Stream> OpenAsync(string directory, string name, CancellationToken cancellationToken)
    {
        using var place = LinkFreePath.TryOpenDirectory(directory, out var problem)
            ?? throw new IOException($"{directory} cannot be entered: {problem}.");
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)place.DangerousGetHandle()}/{name}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
