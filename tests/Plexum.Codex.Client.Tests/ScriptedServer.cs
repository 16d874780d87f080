using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.Client;

/// <summary>A server on a unix socket that answers each connection with the next of its bytes and then breaks it off.</summary>
internal sealed class ScriptedServer : IDisposable
{
    /// <summary>At the end of an answer: the connection stays, and nothing more comes.</summary>
    public const string Silence = "(silence)";

    private readonly List<Socket> _silent = [];
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("plexum-codex-client-");
    private readonly List<string> _requests = [];

    public ScriptedServer(params string[] answers)
    {
        (Path, Answers) = (System.IO.Path.Combine(_folder.FullName, "socket"), answers.Length);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = ServeAsync(answers);
    }

    public string Path { get; }

    /// <summary>How many answers it has in all.</summary>
    public int Answers { get; }

    /// <summary>The requests so far.</summary>
    public string[] Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>An answer with server-sent events.</summary>
    public static string Events(string events) =>
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events;

    /// <summary>An event with its number as its data.</summary>
    public static string Event(int seq, string type = "text_delta") =>
        $"id: {seq}\nevent: {type}\ndata: {{\"seq\":{seq},\"type\":\"{type}\"}}\n\n";

    /// <summary>Another answer.</summary>
    public static string Answer(string status, string type, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public void Dispose()
    {
        _listener.Dispose();
        _silent.ForEach(connection => connection.Dispose());
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync(string[] answers)
    {
        foreach (var answer in answers)
        {
            var connection = await _listener.AcceptAsync();
            var request = new StringBuilder();
            var buffer = new byte[4096];
            while (
                !request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                && await connection.ReceiveAsync(buffer) is > 0 and var count
            )
            {
                request.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            lock (_requests)
            {
                _requests.Add(request.ToString());
            }

            await connection.SendAsync(Encoding.UTF8.GetBytes(answer.Replace(Silence, "", StringComparison.Ordinal)));
            if (answer.EndsWith(Silence, StringComparison.Ordinal))
            {
                _silent.Add(connection);
            }
            else
            {
                connection.Dispose();
            }
        }

        _listener.Dispose();
    }
}
