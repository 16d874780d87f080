using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FakeCodex;

/// <summary>
/// The MCP server that the arguments name. codex starts it once; here each connection to a socket starts one and has its standard
/// streams, so that a test speaks with the daemon as codex does, and through a process that codex started.
/// </summary>
internal static partial class Relays
{
    private const string Server = "mcp_servers.";

    /// <summary>Listens until this process ends, if the turn has tools.</summary>
    public static void Listen(string path, Invocation invocation)
    {
        if (invocation.Config.FirstOrDefault(value => value.StartsWith(Server, StringComparison.Ordinal)) is not { } entry)
        {
            return;
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Run(() => Accept(listener, entry));
    }

    private static void Accept(Socket listener, string entry)
    {
        while (true)
        {
            var connection = new NetworkStream(listener.Accept(), ownsSocket: true);
            var relay = Process.Start(StartOf(entry))!;
            Run(() => Copy(connection, relay.StandardInput.BaseStream));
            Run(() => Copy(relay.StandardOutput.BaseStream, connection));
        }
    }

    // {command="…",args=["…"],env={"NAME"="…"},…}; the texts have no braces or brackets.
    private static ProcessStartInfo StartOf(string entry)
    {
        var start = new ProcessStartInfo(Texts(entry, "command=", ",")[0], Texts(entry, "args=[", "]"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var pair in Texts(entry, "env={", "}").Chunk(2))
        {
            start.Environment[pair[0]] = pair[1];
        }

        return start;
    }

    private static string[] Texts(string entry, string start, string end)
    {
        var from = entry.IndexOf(start, StringComparison.Ordinal) + start.Length;
        var part = entry[from..entry.IndexOf(end, from, StringComparison.Ordinal)];
        return [.. Quoted().Matches(part).Select(match => match.Groups[1].Value)];
    }

    // The end of one side is the end of both.
    private static void Copy(Stream from, Stream to)
    {
        using (from)
        using (to)
        {
            var bytes = new byte[64 * 1024];
            try
            {
                while (from.Read(bytes) is > 0 and var count)
                {
                    to.Write(bytes.AsSpan(0, count));
                    to.Flush();
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // One of them is gone.
            }
        }
    }

    private static void Run(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
