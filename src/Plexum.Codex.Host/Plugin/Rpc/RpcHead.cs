using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>What a message is about that is not parsed as a whole.</summary>
/// <param name="Ids">All that it names as its id.</param>
/// <param name="HasMethod">Whether it names a method, as requests and notifications do.</param>
/// <param name="HasAnswer">Whether it begins a result or an error, as answers do.</param>
internal readonly record struct RpcHead(ImmutableArray<RpcId> Ids, bool HasMethod, bool HasAnswer)
{
    private const int MaxDepth = 1 << 20;

    // A byte order mark, NULs and other characters without a shape.
    private static readonly byte[] Ignored = [.. Enumerable.Range(0, ' ' + 1).Select(value => (byte)value), 0xEF, 0xBB, 0xBF];

    private static readonly RpcHead Nothing = new([], HasMethod: false, HasAnswer: false);

    /// <summary>Its id, the last one if there are several; null if there is none that can be read.</summary>
    public RpcId? Id => Ids.IsEmpty ? null : Ids[^1];

    /// <summary>Reads the first message of a line, as far as it is valid.</summary>
    public static RpcHead Of(ReadOnlySpan<byte> line) => OfEach(line) is [var first, ..] ? first : Nothing;

    /// <summary>Reads the messages of a line, several in a batch, as far as they are valid. It builds nothing else.</summary>
    public static ImmutableArray<RpcHead> OfEach(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return [];
        }

        // Deeper than a message may be, so that whoever waits for a line that is too deep can be told.
        var reader = new Utf8JsonReader(line.TrimStart(Ignored), new JsonReaderOptions { MaxDepth = MaxDepth });
        var heads = ImmutableArray.CreateBuilder<RpcHead>();
        try
        {
            var isBatch = reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read();
            while (reader.TokenType == JsonTokenType.StartObject)
            {
                heads.Add(Read(ref reader, out var isWhole));
                if (!isBatch || !isWhole || !reader.Read())
                {
                    break;
                }
            }
        }
        catch (JsonException)
        {
            // What was read up to here is all there is.
        }

        return heads.DrainToImmutable();
    }

    private static RpcHead Read(ref Utf8JsonReader reader, out bool isWhole)
    {
        var head = Nothing;
        isWhole = false;
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                var isAnswer = reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8);
                head = head with
                {
                    HasMethod = head.HasMethod || reader.ValueTextEquals("method"u8),
                    HasAnswer = head.HasAnswer || isAnswer,
                };
                reader.Read();
                if (isId && reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)
                {
                    head = RpcId.TryRead(JsonElement.ParseValue(ref reader)) is { } id ? head with { Ids = head.Ids.Add(id) } : head;
                }
                else
                {
                    reader.Skip();
                }
            }

            isWhole = true;
        }
        catch (JsonException)
        {
            // What was read up to here is all there is.
        }

        return head;
    }
}
