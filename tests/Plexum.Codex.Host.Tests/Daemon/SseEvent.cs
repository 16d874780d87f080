using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Daemon;

/// <summary>An event of a stream as the HTML standard reads it.</summary>
internal sealed record SseEvent(string Id, string Type, string Data)
{
    public JsonObject Json => JsonNode.Parse(Data)!.AsObject();

    public static async Task<List<SseEvent>> ReadAsync(Stream stream)
    {
        var events = new List<SseEvent>();
        await foreach (var value in FollowAsync(stream))
        {
            events.Add(value);
        }

        return events;
    }

    public static async IAsyncEnumerable<SseEvent> FollowAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var (id, type, data) = ("", "message", "");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    yield return new SseEvent(id, type, data);
                }

                (type, data) = ("message", "");
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                type = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
            else
            {
                Assert.True(line.StartsWith(':') || line.StartsWith("retry: ", StringComparison.Ordinal), line);
            }
        }
    }
}
