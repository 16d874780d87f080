using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FakeCodex.Server;

/// <summary>
/// <c>codex app-server --listen unix://PATH</c>: WebSocket over the socket. SIGTERM, SIGINT and SIGHUP let running turns finish first, a
/// second one ends it at once.
/// </summary>
internal static class ServerForm
{
    private const string Scheme = "unix://";

    public static async Task<int> RunAsync(FakeScript script, string address)
    {
        if (!address.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw ScriptExit.After(2, $"error: FakeCodex listens on {Scheme}PATH only, not on {address}");
        }

        Note(script);
        if (script.Setting("server-exit") is { } words)
        {
            Output.Error.Line(words);
            return 1;
        }

        var path = address[Scheme.Length..];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        socket.Listen();
        var threads = new ServerThreads(script);
        using var stop = new CancellationTokenSource();
        var signals = 0;
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            threads.IsDraining = true;
            if (Interlocked.Increment(ref signals) > 1 || threads.Running == 0)
            {
                stop.Cancel();
            }
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        threads.Drained += stop.Cancel;
        try
        {
            while (true)
            {
                var connection = await socket.AcceptAsync(stop.Token);
                _ = Connection.ServeAsync(connection, threads);
            }
        }
        catch (OperationCanceledException)
        {
            File.Delete(path);
            return 0;
        }
    }

    // Beside the script, so that a test can end what it has started.
    private static void Note(FakeScript script)
    {
        if (script.Path is not null)
        {
            using var file = Exclusive.Open($"{script.Path}.servers");
            file.Seek(0, SeekOrigin.End);
            file.Write(System.Text.Encoding.UTF8.GetBytes($"{Environment.ProcessId}\n"));
        }
    }
}
