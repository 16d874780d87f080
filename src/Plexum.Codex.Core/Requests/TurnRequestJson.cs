using System.Globalization;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>
/// A turn's request as a JSON document:
/// <c>{workspace?, model?, messages: [{role, content}], tools?, timeout_ms?, new_thread?, sandbox?, idempotency_key?}</c>, where
/// <c>content</c> is a string or a list of <c>{type: "text", text}</c> and
/// <c>{type: "image", media_type?, base64? | path? | url?}</c>, and <c>tools</c> is a list of <c>{name, description?, inputSchema?}</c>.
/// The agent is not part of it.
/// </summary>
public static class TurnRequestJson
{
    /// <summary>How deeply a document may be nested; tool schemas are deep.</summary>
    public const int MaxDepth = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a document. Unknown fields are ignored with a warning, because the host may be newer than this program.</summary>
    /// <param name="agent">The agent whose turn it is.</param>
    /// <param name="utf8">The document.</param>
    public static TurnRequestReading Read(AgentId agent, ReadOnlyMemory<byte> utf8)
    {
        if (FindMistake(utf8.Span) is { } mistake)
        {
            return Refuse(mistake);
        }

        try
        {
            using var reader = new JsonTextReader(new StringReader(Utf8.GetString(utf8.Span)))
            {
                DateParseHandling = DateParseHandling.None,
                FloatParseHandling = FloatParseHandling.Double,
                MaxDepth = MaxDepth,
            };
            var root = JToken.ReadFrom(
                reader,
                new JsonLoadSettings { DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error }
            );
            return root is JObject document
                ? new TurnRequestReader().Read(agent, document)
                : Refuse($"The document is {TurnRequestReader.Describe(root)}; send a JSON object with \"messages\".");
        }
        catch (JsonReaderException e)
        {
            return Refuse(Place(e.LineNumber, e.LinePosition) + WithoutPlace(e.Message));
        }
        catch (DecoderFallbackException)
        {
            return Refuse("The document is not UTF-8; send JSON in UTF-8.");
        }
    }

    /// <summary>Writes a document that <see cref="Read"/> turns into the same request.</summary>
    public static byte[] Write(TurnRequest request, string? idempotencyKey = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var bytes = new MemoryStream();
        using (var json = new JsonTextWriter(new StreamWriter(bytes)))
        {
            TurnRequestWriter.Write(json, request, idempotencyKey);
        }

        return bytes.ToArray();
    }

    // Newtonsoft accepts more than JSON: comments, single quotes, unquoted names and so on. This reader does not.
    private static string? FindMistake(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            return "The document begins with a byte order mark; remove it.";
        }

        if (!utf8.ContainsAnyExcept(" \t\r\n"u8))
        {
            return "The document is empty; send a JSON object with \"messages\".";
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read()) { }

            return null;
        }
        catch (System.Text.Json.JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return Place((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1) + (end < 0 ? e.Message : e.Message[..end]);
        }
    }

    private static string Place(int line, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"The document is not valid JSON at line {line}, position {position}: ");

    // The parser's own message repeats the path, line and position.
    private static string WithoutPlace(string message)
    {
        var end = message.IndexOf(" Path '", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static TurnRequestReading Refuse(string problem) => new(null, null, [problem], []);
}
