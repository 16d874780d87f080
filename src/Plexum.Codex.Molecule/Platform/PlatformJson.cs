using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Json;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>Reads JSON that the platform relays from others. In it, invalid UTF-8 and unpaired surrogates become U+FFFD.</summary>
public static class PlatformJson
{
    /// <summary>Options for the platform's JSON. Senders choose how deeply a message is nested, so the depth is barely limited.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 1 << 20 };

    /// <summary>
    /// The maximum number of values in what the platform relays. A stranger chooses how many a message has, and each takes memory; far more
    /// than any message of a person has.
    /// </summary>
    public const int MaxValues = 4_000_000;

    /// <summary>Whether a text has more than <see cref="MaxValues"/>.</summary>
    /// <param name="utf8">The text.</param>
    public static bool HasTooManyValues(ReadOnlySpan<byte> utf8) => JsonValueLimit.IsExceeded(utf8, MaxValues, Options.MaxDepth);

    /// <summary>Parses a text that the platform relays.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="JsonException">It is not JSON, or has too many values.</exception>
    public static JsonDocument Parse(string text)
    {
        var utf8 = WholeText.OfJson(Encoding.UTF8.GetBytes(text));
        return HasTooManyValues(utf8.Span) ? throw new JsonException("The text has too many values.") : JsonDocument.Parse(utf8, Options);
    }

    /// <summary>The text of a property; empty if it is missing or not a string.</summary>
    /// <param name="json">Any JSON value.</param>
    /// <param name="property">The property's name.</param>
    public static string TextOf(this JsonElement json, string property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? Text(value)
            : "";

    /// <summary>The text of a JSON string; invalid characters become U+FFFD.</summary>
    /// <param name="value">A string.</param>
    public static string Text(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return new JsonText(raw, raw.Contains((byte)'\\')).Decode();
    }
}
