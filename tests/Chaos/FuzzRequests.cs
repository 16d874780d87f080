using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.Chaos;

/// <summary>A request that was made up.</summary>
/// <param name="Seed">What it was made up from.</param>
/// <param name="Number">The how manieth of its seed it is.</param>
/// <param name="Method">Its method.</param>
/// <param name="Pattern">The path of the interface that it was made from; null for none.</param>
/// <param name="Bytes">The request as it is sent.</param>
public sealed record FuzzRequest(int Seed, int Number, string Method, string? Pattern, byte[] Bytes)
{
    /// <summary>How it can be made again, and what it is.</summary>
    public override string ToString() => $"seed {Seed}, request {Number}:\n{Encoding.Latin1.GetString(Bytes)}";

    /// <summary>Sends it and reads what comes, over a connection of its own: what is wrong with it may end the connection.</summary>
    /// <param name="socket">The connection, which is closed afterwards.</param>
    /// <param name="limit">How long to wait for the next part of the answer.</param>
    /// <returns>The answer; empty when there was none.</returns>
    public async Task<string> SendAsync(Socket socket, TimeSpan limit)
    {
        using var connection = socket;
        try
        {
            await socket.SendAsync(Bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was answered, and the connection closed, before all of it was sent.
        }

        using var answer = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(limit) is > 0 and var count)
            {
                answer.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // What had come by then is looked at.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}

/// <summary>Makes up requests that are nearly right, the same ones for the same seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="turn">The id of a turn that there is.</param>
public sealed class FuzzRequests(int seed, string turn)
{
    private static readonly string[] Methods =
    [
        "GET",
        "GET",
        "GET",
        "POST",
        "POST",
        "POST",
        "PUT",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "TRACE",
        "FOO",
        "get",
    ];
    private static readonly string?[] Patterns =
    [
        "/v1/agents/{agent}/turns",
        "/v1/agents/{agent}/turns",
        "/v1/agents/{agent}/consume",
        "/v1/turns",
        "/v1/turns/{turn}",
        "/v1/turns/{turn}/events",
        "/v1/turns/{turn}/cancel",
        "/v1/turns/{turn}/steer",
        "/v1/agents",
        "/v1/agents/{agent}",
        "/v1/usage",
        "/v1/status",
        "/healthz",
        "/readyz",
        "/openapi.json",
        null,
    ];

    private static readonly string[] Names = ["limit", "from", "to", "agent", "before", "after", "state", "x", "", "%00", "limit"];
    private static readonly string[] Values =
    [
        "",
        "0",
        "1",
        "-1",
        "7",
        "500",
        "501",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        "0x10",
        "NaN",
        "2026-01-01",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "queued",
        "ended",
        "alice",
        "..",
        "a..b",
        "%2e%2e%2f",
        "%00",
        "%FF%FE",
        "%zz",
        "a%20b",
        "\u00e9",
        "'",
        "{}",
        "[]",
        "null",
    ];

    private static readonly string[] Headers =
    [
        "Accept: text/event-stream",
        "Accept: text/event-stream;q=0",
        "Accept: */*",
        "Accept: ,,;;=",
        "Last-Event-ID: 1",
        "Last-Event-ID: -1",
        "Last-Event-ID: x",
        "Last-Event-ID: 99999999999999999999",
        "Last-Event-ID: 2\r\nLast-Event-ID: 3",
        "Expect: 100-continue",
        "Expect: x",
        "X-Nothing: \u00ff\u00fe",
        "Authorization: Bearer x",
        "Connection: upgrade\r\nUpgrade: websocket",
        "Content-Encoding: gzip",
        "Cookie: a=b; c",
        "Range: bytes=0-1",
        "Origin: http://evil.example",
        "If-None-Match: *",
    ];

    private static readonly string[] Types =
    [
        "application/json",
        "application/json",
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=utf-7",
        "text/plain",
        "application/json;;",
        "",
        "a",
    ];

    private static readonly string[] Bodies =
    [
        """{"messages":[{"role":"user","content":" "}]}""",
        """{"workspace":"x","messages":[{"role":"user","content":"x"}]}""",
        """{"workspace":"/proc/x","messages":[{"role":"user","content":"\ud800"}],"tools":[{"name":"t","inputSchema":{}}]}""",
        """{"workspace":"/proc/x","model":"-x","messages":"""
            + """[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image","base64":"AAAA"}]}]}""",
        """{"mutations":[{"block_id":"c","op":"consume-light"}]}""",
        """{"mutations":[{"block_id":"\ud800","op":7},null,{}]}""",
        """{"force":true}""",
        """{"force":null}""",
        "{}",
        "[]",
        "null",
        "7",
        "",
        "{",
        "\"",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>The next one.</summary>
    public FuzzRequest Next()
    {
        var method = Pick(Methods);
        var pattern = Pick(Patterns);
        var text = new StringBuilder();
        text.Append(method).Append(' ').Append(Path(pattern)).Append(Chance(50) ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
        text.Append(Chance(95) ? "Host: plexum\r\n" : "").Append("Connection: close\r\n");
        for (var i = _random.Next(3); i > 0; i--)
        {
            text.Append(Pick(Headers)).Append("\r\n");
        }

        if (method != "GET" || Chance(10))
        {
            Body(text);
        }
        else
        {
            text.Append("\r\n");
        }

        var bytes = Encoding.Latin1.GetBytes(text.ToString());
        for (var i = Chance(15) ? _random.Next(1, 6) : 0; i > 0; i--)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return new FuzzRequest(seed, ++_number, method, pattern, bytes);
    }

    private string Path(string? pattern)
    {
        var path = (pattern ?? $"/{Pick(Values)}/{Pick(Values)}")
            .Replace("{agent}", Chance(60) ? "alice" : Pick(Values), StringComparison.Ordinal)
            .Replace("{turn}", Chance(60) ? turn : Pick(Values), StringComparison.Ordinal);
        for (var i = _random.Next(3); i > 0; i--)
        {
            path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Pick(Names)}={Pick(Values)}";
        }

        return path;
    }

    private void Body(StringBuilder text)
    {
        var body = Chance(2) ? new string('x', 5000) : Pick(Bodies);
        var type = Pick(Types);
        text.Append(type.Length == 0 ? "" : $"Content-Type: {type}\r\n");
        switch (_random.Next(10))
        {
            case 0:
                text.Append(CultureInfo.InvariantCulture, $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
                break;
            case 1:
                text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Pick(Values)}\r\n\r\n{body}");
                break;
            case 2:
                text.Append("\r\n").Append(body);
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}");
                break;
        }
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private bool Chance(int percent) => _random.Next(100) < percent;
}
