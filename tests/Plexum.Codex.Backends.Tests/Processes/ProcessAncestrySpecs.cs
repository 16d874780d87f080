using System.Globalization;
using System.Net.Sockets;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Posix;
using Xunit;

namespace Plexum.Codex.Processes;

/// <summary>Which processes of a machine are codex's own, seen from the other end of a socket.</summary>
public sealed class ProcessAncestrySpecs : IDisposable
{
    // Connects, says who it is, and waits for the end of the connection.
    private const string Connect = """
        python3 -c '
        import os, socket, sys
        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
        s.sendall(b"%d\n" % os.getpid()); s.recv(1)' "$1"
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ProcessRig _rig = new();

    public ProcessAncestrySpecs()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    private string SocketPath => _directory.File("s");

    public void Dispose()
    {
        _listener.Dispose();
        _rig.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("({0}); wait")]
    [InlineData("setsid -w sh -c '{1}' sh \"$1\"; wait")]
    public async Task What_codex_started_descends_from_it(string script)
    {
        var codex = _rig.Start(Script(script), SocketPath);
        var (socket, _) = await AcceptAsync();
        using var peer = SocketPeer.Of(socket);

        var line = ProcessAncestry.Of(peer);

        Assert.Equal(peer.Pid, line[0].Pid);
        Assert.Contains(codex.Identity, line);
        Assert.Contains(ProcessProbe.Identify(Environment.ProcessId), line);
        socket.Dispose();
        await codex.Exited.WithinLimit();
    }

    [Fact]
    public async Task What_left_codex_by_a_double_fork_does_not_descend_from_it()
    {
        var codex = _rig.Start(Script("(setsid sh -c '{1}' sh \"$1\" &); exec sleep 1000"), SocketPath);
        var (socket, pid) = await AcceptAsync();
        using var peer = SocketPeer.Of(socket);

        // The process between the two ends at once, and its child then has another parent.
        await Limits.UntilAsync(() => !ProcessAncestry.Of(peer).Contains(codex.Identity));

        Assert.Equal(pid, ProcessAncestry.Of(peer)[0].Pid);
        socket.Dispose();
        codex.Signal(ProcessSignal.Kill);
    }

    [Fact]
    public async Task A_process_beside_codex_does_not_descend_from_it()
    {
        var codex = _rig.Start("exec sleep 1000");
        using var other = new ProcessRig();
        var stranger = other.Start(Script("{0}"), SocketPath);
        var (socket, _) = await AcceptAsync();
        using var peer = SocketPeer.Of(socket);

        var line = ProcessAncestry.Of(peer);

        Assert.Contains(stranger.Identity, line);
        Assert.DoesNotContain(codex.Identity, line);
        socket.Dispose();
        codex.Signal(ProcessSignal.Kill);
    }

    [Fact]
    public async Task A_process_that_has_ended_has_no_ancestors()
    {
        var codex = _rig.Start(Script("{0}"), SocketPath);
        var (socket, pid) = await AcceptAsync();
        using var peer = SocketPeer.Of(socket);
        ProcessProbe.Signal(pid, ProcessSignal.Kill);
        await ProcessProbe.GoneAsync(pid);
        await codex.Exited.WithinLimit();

        Assert.Empty(ProcessAncestry.Of(peer));
        socket.Dispose();
    }

    private static string Script(string script) =>
        script
            .Replace("{0}", Connect, StringComparison.Ordinal)
            .Replace("{1}", Connect.Replace("'", "'\\''", StringComparison.Ordinal), StringComparison.Ordinal);

    private async Task<(Socket Socket, int Pid)> AcceptAsync()
    {
        var socket = await _listener.AcceptAsync().WithinLimit();
        var bytes = new byte[16];
        var length = await socket.ReceiveAsync(bytes).WithinLimit();
        return (socket, int.Parse(System.Text.Encoding.ASCII.GetString(bytes, 0, length), CultureInfo.InvariantCulture));
    }
}
