using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Plexum.Codex.Processes;
using Xunit;

namespace Plexum.Codex.Posix;

public sealed class SocketPeerSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private string SocketPath => _directory.File("s");

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_peer_is_the_process_and_user_that_connected()
    {
        Listen();
        using var client = await ConnectAsync();
        using var accepted = await _listener.AcceptAsync().WithinLimit();

        using var peer = SocketPeer.Of(accepted);

        Assert.Equal(Environment.ProcessId, peer.Pid);
        Assert.Equal(Libc.EffectiveUser(), peer.User);
        Assert.True(peer.IsRunning);

        // As where the kernel cannot hold a process.
        using var unheld = SocketPeer.Of(accepted, canHold: false);
        Assert.True(unheld.IsRunning);
    }

    [Fact]
    public async Task A_client_sees_who_listens()
    {
        Listen();
        using var client = await ConnectAsync();

        using var peer = SocketPeer.Of(client);

        Assert.Equal(Environment.ProcessId, peer.Pid);
    }

    [Fact]
    public async Task A_peer_that_has_ended_is_not_running_though_its_child_keeps_the_connection()
    {
        Listen();
        const string Connector = """
            import os, socket, sys, time
            s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
            child = os.fork()
            if child == 0:
                s.sendall(b"x"); time.sleep(1000)
            print(child, flush=True)
            """;
        using var connector = Process.Start(
            new ProcessStartInfo("python3", ["-c", Connector, SocketPath]) { RedirectStandardOutput = true }
        )!;
        var line = await connector.StandardOutput.ReadLineAsync().WithinLimit();
        var child = int.Parse(line!, CultureInfo.InvariantCulture);
        try
        {
            using var accepted = await _listener.AcceptAsync().WithinLimit();
            Assert.Equal(1, await accepted.ReceiveAsync(new byte[1]).WithinLimit());
            await connector.WaitForExitAsync().WithinLimit();

            using var peer = SocketPeer.Of(accepted);

            Assert.Equal(connector.Id, peer.Pid);
            Assert.False(peer.IsRunning);
            using var unheld = SocketPeer.Of(accepted, canHold: false);
            Assert.False(unheld.IsRunning);
        }
        finally
        {
            ProcessProbe.Signal(child, ProcessSignal.Kill);
        }
    }

    [Fact]
    public void A_socket_without_a_unix_peer_has_none()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        // The kernel reports "nobody" for it: no process, which nobody takes for a peer of theirs.
        using var peer = SocketPeer.Of(socket);

        Assert.Equal(0, peer.Pid);
        Assert.False(peer.IsRunning);
    }

    private void Listen()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath)).WithinLimit();
        return client;
    }
}
