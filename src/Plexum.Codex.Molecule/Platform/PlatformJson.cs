using System.Runtime.InteropServices;
using System.Text.Json;
using Plexum.Codex.Json;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>Reads JSON that the platform relays from others. It tolerates invalid UTF-8 and unpaired surrogates.</summary>
public static class PlatformJson
{
    /// <summary>Options for the platform's JSON. Senders choose how deeply a message is nested, so the depth is barely limited.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 1 << 20 };

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
