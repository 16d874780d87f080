using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Newtonsoft.Json;
using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>
/// A turn's request as a JSON document:
/// <c>{workspace?, model?, messages: [{role, content}], tools?, timeout_ms?, new_thread?, sandbox?, backend?, approvals?, effort?,
/// developer_instructions?, output_schema?, idempotency_key?}</c>, where <c>content</c> is a string or a list of <c>{type: "text",
/// text}</c> and
/// <c>{type: "image", media_type?, base64? | path? | url?}</c>, and <c>tools</c> is a list of <c>{name, description?, inputSchema?}</c>.
/// The agent is not part of it.
/// </summary>
public static class TurnRequestJson
{
    /// <summary>How deeply a document may be nested; tool schemas are deep.</summary>
    public const int MaxDepth = 64;

    // The writer's own default throws at half a surrogate pair.
    private static readonly UTF8Encoding Utf8WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Reads a document. Unknown fields are ignored with a warning, because the host may be newer than this program. Half a surrogate pair
    /// becomes U+FFFD.
    /// </summary>
    /// <param name="agent">The agent whose turn it is.</param>
    /// <param name="utf8">The document. If it comes from outside, limit its values first (<see cref="JsonValueLimit"/>).</param>
    public static TurnRequestReading Read(AgentId agent, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            return Refuse("The document begins with a byte order mark; remove it.");
        }

        if (!utf8.Span.ContainsAnyExcept(" \t\r\n"u8))
        {
            return Refuse("The document is empty; send a JSON object with \"messages\".");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            return Refuse("The document is not UTF-8; send JSON in UTF-8.");
        }

        utf8 = WholeText.OfJson(utf8);
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                ? new TurnRequestReader().Read(agent, root)
                : Refuse($"The document is {TurnRequestReader.Describe(document.RootElement)}; send a JSON object with \"messages\".");
        }
        catch (System.Text.Json.JsonException e)
        {
            return Refuse($"The document is not valid JSON {JsonMistake.Describe(utf8.Span, e)}");
        }
    }

    /// <summary>Writes a document that <see cref="Read"/> turns into the same request.</summary>
    public static byte[] Write(TurnRequest request, string? idempotencyKey = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var bytes = new MemoryStream();
        using (var json = new JsonTextWriter(new StreamWriter(bytes, Utf8WithoutMark)))
        {
            TurnRequestWriter.Write(json, request, idempotencyKey);
        }

        return bytes.ToArray();
    }

    private static TurnRequestReading Refuse(string problem) => new(null, null, [problem], []);
}
