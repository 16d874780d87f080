using System.Text.Json;
using System.Text.Unicode;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>What a line is about that is not parsed as a whole.</summary>
/// <param name="Id">Its id; null if it has none that can be read.</param>
/// <param name="HasMethod">Whether it names a method, as requests and notifications do.</param>
internal readonly record struct RpcHead(RpcId? Id, bool HasMethod)
{
    private const int MaxDepth = 1 << 20;

    /// <summary>Reads it, as far as the line is valid. Of a name that is there twice the last one counts. It builds nothing else.</summary>
    public static RpcHead Of(ReadOnlySpan<byte> line)
    {
        var head = default(RpcHead);
        if (!Utf8.IsValid(line))
        {
            return head;
        }

        // Deeper than a message may be, so that whoever waits for a line that is too deep can be told.
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return head;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                head = head with { HasMethod = head.HasMethod || reader.ValueTextEquals("method"u8) };
                reader.Read();
                if (isId && reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)
                {
                    head = head with { Id = RpcId.TryRead(JsonElement.ParseValue(ref reader)) };
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // What was read up to here is all there is.
        }

        return head;
    }
}
