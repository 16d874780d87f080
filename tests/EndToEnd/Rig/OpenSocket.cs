using System.Net;
using System.Net.Sockets;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>A socket on which everybody who reaches it gets an answer.</summary>
internal sealed class OpenSocket : IDisposable
{
    private readonly Socket _socket;

    private OpenSocket(AddressFamily family, ProtocolType protocol, EndPoint place)
    {
        _socket = new Socket(family, SocketType.Stream, protocol);
        _socket.Bind(place);
        _socket.Listen();
        _ = AnswerAsync();
    }

    /// <summary>The port of a TCP socket.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>A unix socket.</summary>
    /// <param name="name">Its path; with a NUL before it, the name of an abstract socket, which is in no directory.</param>
    public static OpenSocket OfUnix(string name) => new(AddressFamily.Unix, ProtocolType.Unspecified, new UnixDomainSocketEndPoint(name));

    /// <summary>A TCP socket on loopback.</summary>
    public static OpenSocket OfLoopback() => new(AddressFamily.InterNetwork, ProtocolType.Tcp, new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose() => _socket.Dispose();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var peer = await _socket.AcceptAsync();
                _ = await peer.ReceiveAsync(new byte[4096], SocketFlags.None);
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), SocketFlags.None);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
