using System.Text.Json;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>The beginning of a message that is too large to be read whole: enough to know whose it is.</summary>
/// <param name="Id">The number of the request that it answers; null if it answers none, or its id comes later.</param>
/// <param name="Method">Its method; null if it has none, or it comes later.</param>
internal readonly record struct MessageHead(long? Id, string? Method)
{
    /// <summary>Reads what there is of a message, up to where it is cut or is no JSON.</summary>
    public static MessageHead Read(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, default);
        long? id = null;
        string? method = null;
        try
        {
            while ((id is null || method is null) && reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    continue;
                }

                var isId = reader.ValueTextEquals("id"u8);
                var isMethod = reader.ValueTextEquals("method"u8);
                if (!reader.Read())
                {
                    break;
                }

                id = isId && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : id;
                method = isMethod && reader.TokenType == JsonTokenType.String ? reader.GetString() : method;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was read before still says whose message it is.
        }

        return new MessageHead(id, method);
    }
}
