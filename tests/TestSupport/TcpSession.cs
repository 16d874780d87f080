using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.TestSupport;

/// <summary>One connection to a daemon over TCP, which is kept and seen to be closed.</summary>
public sealed class TcpSession : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private TcpSession() { }

    /// <summary>Whether the daemon has closed it.</summary>
    public bool IsClosed => _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;

    /// <summary>A port of this machine that nobody listened at a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Connects.</summary>
    public static async Task<TcpSession> OpenAsync(int port)
    {
        var session = new TcpSession();
        try
        {
            await session._socket.ConnectAsync(IPAddress.Loopback, port).WithinLimit();
            return session;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was accepted and closed before the kernel could say that it is there.
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads the response.</summary>
    /// <param name="path">The path to get.</param>
    /// <param name="token">The token; null for none.</param>
    /// <returns>The status; 0 if the connection was closed instead.</returns>
    public async Task<int> GetAsync(string path, string? token)
    {
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        try
        {
            await _socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}\r\n"));
            var response = await ReadAsync();
            return response.Length == 0 ? 0 : int.Parse(response.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Waits until the daemon has closed it.</summary>
    public Task ClosedAsync() => Limits.UntilAsync(() => IsClosed, what: "the daemon closed the connection");

    /// <summary>Closes it.</summary>
    public void Dispose() => _socket.Dispose();

    // The daemon's documents come in chunks, the last of which is empty.
    private async Task<string> ReadAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (await _socket.ReceiveAsync(buffer).WithinLimit() is > 0 and var count)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            if (text.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
            {
                return text.ToString();
            }
        }

        return "";
    }
}
