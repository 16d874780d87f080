using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.TestSupport;

/// <summary>An event of a stream, read as the HTML standard has it.</summary>
/// <param name="Id">Its id; empty for none.</param>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Data">Its data.</param>
public sealed record SseEvent(string Id, string Name, string Data)
{
    /// <summary>Its type, which is its name but for errors: those are not called as browsers call a failed connection.</summary>
    public string Type => Name == "turn_error" ? "error" : Name;

    /// <summary>Its data, which must be an object.</summary>
    public JsonObject Json => JsonNode.Parse(Data)!.AsObject();

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<List<SseEvent>> ReadAsync(Stream stream)
    {
        var events = new List<SseEvent>();
        await foreach (var value in FollowAsync(stream))
        {
            events.Add(value);
        }

        return events;
    }

    /// <summary>Reads a stream event by event.</summary>
    public static async IAsyncEnumerable<SseEvent> FollowAsync(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var (id, type, data) = ("", "message", "");
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
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
